"""The actions on the state of an account: block it, lift the block, and require a new password."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import states
from accounts.models import Account
from common.client_info import ClientInfo
from common.clock import day_and_clock
from helpdesk import permissions
from helpdesk.block_reasons import BlockReason
from helpdesk.forms import ActionForm
from helpdesk.registry import ActionResult, HelpdeskAction, register
from sessions import registry as sessions
from sign_in.methods import Option


class BlockForm(ActionForm):
    """The form of a block. `days` is cleaned to a number of days, or None for a block without an end."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", "---------"), *BlockReason.choices],
        error_messages={"required": gettext_lazy("Choose the reason.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            ("", gettext_lazy("Until someone lifts it")),
            (1, gettext_lazy("One day")),
            (7, gettext_lazy("One week")),
            (30, gettext_lazy("30 days")),
        ],
    )


class Block(HelpdeskAction):
    """Blocks the account. It needs no approval, because it takes access away and may be urgent."""

    slug = "block"
    place = 80
    verb = gettext_lazy("Block the account")
    effect = gettext_lazy(
        "Nobody can log in to the account, and it is logged out everywhere, including at other services. An import of "
        "accounts does not lift the block."
    )
    seen = gettext_lazy(
        "The student is logged out. After they enter the right password, a page says that the account is blocked."
    )
    attacker = gettext_lazy("Nobody gets in, with any password or method. An access pass does not open the account.")
    told = gettext_lazy("IT Support has blocked your account. You cannot log in. Call IT Support to hear why.")
    owner_asks = False
    permission = permissions.BLOCK_ACCOUNT
    form = BlockForm
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Block the account, and end everything that a sign-in has opened."""
        days = cast(int | None, cleaned["days"])
        until = timezone.now() + timedelta(days=days) if days else None
        states.block(account, until)
        sessions.end_all(account)
        reason = str(cleaned["reason"])
        if until is None:
            return ActionResult(_("The account is blocked until someone lifts the block."), detail=reason)
        text = _("The account is blocked until %(time)s.") % {"time": day_and_clock(until)}
        return ActionResult(text, detail=f"{reason} · {until:%Y-%m-%d %H:%M}Z")

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        return not states.is_blocked(account)


class Unblock(HelpdeskAction):
    """Lifts the block of the account."""

    slug = "unblock"
    place = 5
    verb = gettext_lazy("Lift the block")
    effect = gettext_lazy("The account can be logged in to again, with the login methods that it has.")
    seen = gettext_lazy("The student can log in again.")
    attacker = gettext_lazy(
        "Anyone who had the password and a method before the block can log in again. If someone else may have them, "
        "require a new password or reset the account first."
    )
    told = gettext_lazy("IT Support has lifted the block of your account. You can log in again.")
    permission = permissions.BLOCK_ACCOUNT
    needs_approval = True

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        states.unblock(account)
        return ActionResult(_("The block has been lifted."))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        return states.is_blocked(account)


class RequireNewPassword(HelpdeskAction):
    """Makes the present password prove nothing. Only a new password that differs from it ends this."""

    slug = "require-new-password"
    place = 70
    verb = gettext_lazy("Require a new password")
    effect = gettext_lazy(
        "The present password no longer works, and the account is logged out everywhere. Only the user can end this, "
        "by choosing a new password with the link that we email."
    )
    seen = gettext_lazy("The student must choose a new password with the link “I have forgotten my password”.")
    attacker = gettext_lazy(
        "Someone else who has the password gets no further with it, and is logged out. Someone who reads the user’s "
        "email can choose a new password, but needs a login method too."
    )
    owner_asks = False
    told = gettext_lazy(
        "Your password no longer works. "
        "To choose a new one, use the link “I have forgotten my password” when you log in."
    )
    permission = permissions.REQUIRE_NEW_PASSWORD
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Require a new password, and end everything that the present one has opened."""
        states.require_new_password(account)
        sessions.end_all(account)
        return ActionResult(
            _("The present password no longer works. You can now send the user the email for a new one.")
        )

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        return account.must_renew_since is None


def register_all() -> None:
    for action in (Block(), Unblock(), RequireNewPassword()):
        register(action)
