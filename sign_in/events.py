"""Security events of sign-in, step-up, sign-out and password changes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from sign_in.methods.events import method_label


def _signed_in_text(event: SecurityEvent) -> str:
    return _("You logged in with: %(method)s.") % {"method": method_label(event)}


PASSWORD_ACCEPTED = register(EventKind("password_accepted", gettext_lazy("Password accepted"), is_sign_in_attempt=True))
PASSWORD_REFUSED = register(
    EventKind(
        "password_refused",
        gettext_lazy("Password refused"),
        owner_text=lambda event: _("Somebody entered a wrong password."),
        reasons={
            "wrong": gettext_lazy("Wrong password"),
            "unknown": gettext_lazy("No such username"),
            "disabled": gettext_lazy("The account is deactivated"),
            "wrong_domain": gettext_lazy("Right password, but the wrong domain after the username"),
            "too_old": gettext_lazy("Right password, but too old"),
        },
        is_sign_in_attempt=True,
    )
)
SIGN_IN_THROTTLED = register(EventKind("sign_in_throttled", gettext_lazy("Too many wrong passwords")))
SIGNED_IN = register(
    EventKind("signed_in", gettext_lazy("Signed in"), owner_text=_signed_in_text, is_sign_in_attempt=True)
)
SIGNED_OUT = register(
    EventKind("signed_out", gettext_lazy("Signed out"), owner_text=lambda event: _("You logged out."))
)
STEPPED_UP = register(EventKind("stepped_up", gettext_lazy("Confirmed again")))
EXTERNAL_MFA_COMPLETED = register(EventKind("external_mfa_completed", gettext_lazy("Confirmed for another service")))
PASSWORD_RESET_REQUESTED = register(EventKind("password_reset_requested", gettext_lazy("New password requested")))
PASSWORD_RESET_MAILED = register(EventKind("password_reset_mailed", gettext_lazy("Link for a new password mailed")))
PASSWORD_CHANGED = register(
    EventKind(
        "password_changed",
        gettext_lazy("Password changed"),
        owner_text=lambda event: _("You chose a new password."),
    )
)


def password_accepted(account: Account, name: str, client: ClientInfo) -> None:
    """Record a correct password. The second factor is still missing."""
    write_event(PASSWORD_ACCEPTED, client, account, name=name)


def password_refused(account: Account | None, name: str, reason: str, client: ClientInfo) -> None:
    """Record a refused name and password. `account` is None if no account has that name."""
    write_event(PASSWORD_REFUSED, client, account, name=name, reason=reason)


def sign_in_throttled(name: str, reason: str, client: ClientInfo) -> None:
    """Record an attempt that was refused unread, after too many wrong passwords.

    It does not count as a wrong password.
    """
    write_event(SIGN_IN_THROTTLED, client, name=name, reason=reason)


def signed_in(account: Account, device: Device, client: ClientInfo) -> None:
    """Record a sign-in with a correct second factor."""
    write_event(SIGNED_IN, client, account, device=device, actor=account)


def signed_out(account: Account, client: ClientInfo) -> None:
    """Record that the user ended the session."""
    write_event(SIGNED_OUT, client, account, actor=account)


def stepped_up(account: Account, device: Device, client: ClientInfo) -> None:
    """Record that a signed-in user verified a second factor again."""
    write_event(STEPPED_UP, client, account, device=device, actor=account)


def external_mfa_completed(account: Account, device: Device, relying_party: str, client: ClientInfo) -> None:
    """Record a correct second factor in a flow of external MFA. The relying party has checked the password."""
    write_event(EXTERNAL_MFA_COMPLETED, client, account, device=device, reason=relying_party, actor=account)


def password_reset_requested(account: Account | None, name: str, client: ClientInfo) -> None:
    """Record a request for a password reset link. `account` is None if no account has that name."""
    write_event(PASSWORD_RESET_REQUESTED, client, account, name=name)


def password_reset_mailed(account: Account) -> None:
    """Record that a password reset link is about to be mailed."""
    write_event(PASSWORD_RESET_MAILED, ClientInfo(), account)


def password_changed(account: Account, client: ClientInfo) -> None:
    """Record that the owner set a new password with a link from an email."""
    write_event(PASSWORD_CHANGED, client, account, actor=account)
