"""Free notes on an account, for the next agent. A note records an action, and cannot be changed or deleted."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import permissions
from helpdesk.forms import ActionForm
from helpdesk.registry import ActionResult, HelpdeskAction, register

ADD_NOTE = "add-note"


class AccountNoteForm(ActionForm):
    """The form of a note."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].error_messages["required"] = _("Write the note.")


class AddNote(HelpdeskAction):
    """Adds a note that other agents read on the page of the account."""

    slug = ADD_NOTE
    verb = gettext_lazy("Add a note")
    effect = gettext_lazy(
        "Other agents read the note on the page of the account, with your name. It cannot be deleted."
    )
    seen = gettext_lazy("The student sees nothing.")
    permission = permissions.ADD_NOTE
    form = AccountNoteForm
    notifies = False
    proves = False
    cased = False
    for_inactive = True

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Do nothing more: the record of the action has the note."""
        return ActionResult(_("The note has been saved."))


def register_all() -> None:
    register(AddNote())
