"""The actions with which an administrator deactivates and reactivates an account, regardless of imports."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import states
from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import permissions
from helpdesk.forms import ActionForm
from helpdesk.registry import ActionResult, HelpdeskAction, register
from sessions import registry as sessions
from sign_in.methods import Option


class ReasonForm(ActionForm):
    """The form of both actions. The note is required, because the next administrator must know why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].error_messages["required"] = _("Say why.")


class Deactivate(HelpdeskAction):
    """Deactivates the account until an administrator reactivates it."""

    slug = "deactivate"
    place = 90
    verb = gettext_lazy("Deactivate the account")
    effect = gettext_lazy(
        "Nobody can log in to the account, and it is logged out everywhere. An import of accounts does not reactivate "
        "it: only an administrator does."
    )
    seen = gettext_lazy("The student is logged out and can no longer log in, as if the password were wrong.")
    attacker = gettext_lazy("Nobody gets in, with any password or method.")
    told = gettext_lazy("IT Support has deactivated your account. Call IT Support to hear why.")
    permission = permissions.DEACTIVATE_ACCOUNT
    form = ReasonForm
    owner_asks = False
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Deactivate the account, and end everything that a sign-in has opened."""
        states.deactivate(account)
        sessions.end_all(account)
        return ActionResult(_("The account is deactivated until an administrator reactivates it."))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        return account.is_active


class Reactivate(HelpdeskAction):
    """Reactivates an account, regardless of who deactivated it."""

    slug = "reactivate"
    place = 90
    verb = gettext_lazy("Reactivate the account")
    effect = gettext_lazy(
        "The account can be logged in to again, with the password and the login methods that it has. If the next "
        "import deactivates accounts that are not in its file, it deactivates this one again unless it is in the file."
    )
    seen = gettext_lazy("The student can log in again.")
    attacker = gettext_lazy(
        "Anyone who had the password and a method before can log in again. If someone else may have them, require a "
        "new password too."
    )
    told = gettext_lazy("IT Support has reactivated your account. You can log in again.")
    permission = permissions.DEACTIVATE_ACCOUNT
    form = ReasonForm
    proves = False
    needs_approval = True
    for_inactive = True

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Reactivate the account. No session from before becomes valid again."""
        sessions.end_all(account)
        states.reactivate(account)
        return ActionResult(_("The account is active again."))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        return not account.is_active


def register_all() -> None:
    for action in (Deactivate(), Reactivate()):
        register(action)
