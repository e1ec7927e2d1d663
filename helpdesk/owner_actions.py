"""The actions that help an owner without changing a login method: the reset mail, and a case."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import states
from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import permissions
from helpdesk.forms import ActionForm
from helpdesk.models import Case
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction, register
from sessions import registry as sessions
from sign_in import password_reset, password_source
from sign_in.methods import Option


class SendResetMail(HelpdeskAction):
    """Mails the link for a new password to the address of the account."""

    slug = "send-reset-mail"
    place = 40
    verb = gettext_lazy("Send the email for a new password")
    effect = gettext_lazy(
        "We email a link to the address of the account, as if the user had asked for it. The link works once, and the "
        "password changes only when the user chooses a new one."
    )
    seen = gettext_lazy("The student gets an email with a link within a minute.")
    attacker = gettext_lazy(
        "Someone who reads the user’s email gets the link too. The new password alone logs no one in: a login method "
        "or an access pass is still needed."
    )
    told = gettext_lazy("IT Support has sent you an email with a link to choose a new password.")
    permission = permissions.SEND_RESET_MAIL
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Request the mail. Raise `ActionRefused` if the account gets no mail now."""
        if not states.is_open(account):
            raise ActionRefused(_("The account is blocked. Lift the block first."))
        if password_reset.has_used_up_mails(account):
            raise ActionRefused(_("The account has had so many of these emails that we send no more for an hour."))
        password_reset.request_for_owner(account)
        return ActionResult(_("The email is on its way to the address of the account."))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        # If the university's directory keeps the passwords, a link of ours would set none.
        return bool(account.email) and states.is_open(account) and not password_source.current().change_url


class OpenCaseForm(ActionForm):
    """The form of a new case. `kind` says whether somebody else uses the account."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[
            ("", "---------"),
            (Case.Kind.REPORTED.value, gettext_lazy("The user says that someone else has logged in")),
            (Case.Kind.OPENED.value, gettext_lazy("Something else")),
        ],
        error_messages={"required": gettext_lazy("Say what the case is about.")},
    )


class OpenCase(HelpdeskAction):
    """Opens a case for a caller who has no email to report with."""

    slug = "open-case"
    verb = gettext_lazy("Open a case")
    effect = gettext_lazy(
        "The case appears in the list of cases, with your note. If someone else has logged in, the account is also "
        "logged out everywhere and the present password no longer works, as when the user reports it."
    )
    seen = gettext_lazy(
        "If someone else has logged in, the student must choose a new password with the link “I have forgotten my "
        "password”."
    )
    attacker = gettext_lazy("Someone else who has the password is logged out too, and gets no further with it.")
    told = gettext_lazy("IT Support has opened a case about your account.")
    permission = permissions.HANDLE_CASE
    form = OpenCaseForm
    owner_asks = False
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Open the case as the agent's own. A report ends the password and all sessions."""
        kind = str(cleaned["kind"])
        note = str(cleaned.get("note", ""))
        Case.objects.create(kind=kind, account=account, taken_by=agent, note=note)
        if kind == Case.Kind.REPORTED:
            states.report(account)
            sessions.end_all(account)
            return ActionResult(_("The case is open. The present password no longer works."), detail=kind)
        return ActionResult(_("The case is open."), detail=kind)


def register_all() -> None:
    for action in (SendResetMail(), OpenCase()):
        register(action)
