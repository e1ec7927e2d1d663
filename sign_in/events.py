"""Security events of sign-in, step-up, sign-out and password changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from audit import refusals
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from sign_in.methods.events import method_label


def _signed_in_text(event: SecurityEvent) -> str:
    return _("You logged in with: %(method)s.") % {"method": method_label(event)}


PASSWORD_ACCEPTED = register(
    EventKind("password_accepted", gettext_lazy("Password accepted"), is_sign_in_attempt=True, proves_password=True)
)
PASSWORD_REFUSED = register(
    EventKind(
        "password_refused",
        gettext_lazy("Password refused"),
        is_failure=True,
        owner_text=lambda event: _("Someone entered a wrong password."),
        reasons={
            "wrong": gettext_lazy("Wrong password"),
            "unknown": gettext_lazy("No such username"),
            "disabled": gettext_lazy("The account is deactivated"),
            "wrong_domain": gettext_lazy("Right password, but the wrong domain after the username"),
            "too_old": gettext_lazy("Right password, but too old"),
            "blocked": gettext_lazy("Right password, but the account is blocked"),
            "must_renew": gettext_lazy("Right password, but it must be renewed"),
            "directory_disabled": gettext_lazy("The account is deactivated in the university’s directory"),
            "directory_locked": gettext_lazy("The account is locked in the university’s directory"),
            "directory_other": gettext_lazy("The username belongs to someone else in the university’s directory"),
            "unavailable": gettext_lazy("The university’s directory did not answer, so no password was compared"),
        },
        is_sign_in_attempt=True,
        # A reason that is added later proves the password unless it is added here too: better a notice too many.
        proves_password=True,
        unproven_reasons=("wrong", "unknown", "directory_locked", "unavailable"),
    )
)
SIGNED_IN = register(
    EventKind(
        "signed_in",
        gettext_lazy("Logged in"),
        owner_text=_signed_in_text,
        is_sign_in_attempt=True,
        settles_password=True,
    )
)
SIGNED_OUT = register(
    EventKind("signed_out", gettext_lazy("Logged out"), owner_text=lambda event: _("You logged out."))
)
ENROLLMENT_OPENED = register(
    EventKind(
        "enrollment_opened",
        gettext_lazy("Confirmed with a method that is no longer allowed"),
        owner_text=lambda event: _("You confirmed that it was you, in order to set up another login method."),
        is_sign_in_attempt=True,
    )
)
STEPPED_UP = register(EventKind("stepped_up", gettext_lazy("Confirmed again")))
EXTERNAL_MFA_COMPLETED = register(
    EventKind(
        "external_mfa_completed",
        gettext_lazy("Confirmed for another service"),
        is_sign_in_attempt=True,
    )
)
PASSWORD_RESET_REQUESTED = register(
    EventKind(
        "password_reset_requested",
        gettext_lazy("New password requested"),
        reasons={"no_mail": gettext_lazy("No email: unknown username, no address, or too many emails")},
    )
)
PASSWORD_RESET_MAILED = register(EventKind("password_reset_mailed", gettext_lazy("Link for a new password emailed")))
PASSWORD_CHANGED = register(
    EventKind(
        "password_changed",
        gettext_lazy("Password changed"),
        owner_text=lambda event: _("You chose a new password."),
        settles_password=True,
    )
)


def password_accepted(account: Account, name: str, client: ClientInfo) -> None:
    """Record a correct password. The second factor is still missing."""
    write_event(PASSWORD_ACCEPTED, client, account, name=name)


def password_refused(account: Account, name: str, reason: str, client: ClientInfo) -> None:
    """Record a refused password of an account. See `unknown_name_refused` for the count that is taken back."""
    with transaction.atomic():
        with _taken_back():
            refusals.count_refusal(PASSWORD_REFUSED, client, "unknown")
        write_event(PASSWORD_REFUSED, client, account, name=name, reason=reason)


def unknown_name_refused(name: str, client: ClientInfo) -> None:
    """Count a refused name that no account has. No event: anyone can type as many such names as they like.

    SECURITY: an event and a count take different times. So both are made here and for a known name, and the one that
    does not apply is taken back. Otherwise the time would reveal which names exist (ASVS 6.3.8).
    """
    with transaction.atomic():
        with _taken_back():
            write_event(PASSWORD_REFUSED, client, name=name, reason="unknown")
        refusals.count_refusal(PASSWORD_REFUSED, client, "unknown")


@contextmanager
def _taken_back() -> Iterator[None]:
    """Roll back what the block writes, and nothing else of the transaction."""
    savepoint = transaction.savepoint()
    yield
    transaction.savepoint_rollback(savepoint)


def signed_in(account: Account, device: Device, client: ClientInfo) -> None:
    """Record a sign-in with a correct second factor."""
    write_event(SIGNED_IN, client, account, device=device, actor=account)


def enrollment_opened(account: Account, device: Device, client: ClientInfo) -> None:
    """Record that a device of a forbidden method was verified. It opens the enrollment of an allowed method."""
    write_event(ENROLLMENT_OPENED, client, account, device=device, actor=account)


def signed_out(account: Account, client: ClientInfo) -> None:
    """Record that the user ended the session."""
    write_event(SIGNED_OUT, client, account, actor=account)


def stepped_up(account: Account, device: Device, client: ClientInfo) -> None:
    """Record that a signed-in user verified a second factor again."""
    write_event(STEPPED_UP, client, account, device=device, actor=account)


def external_mfa_completed(account: Account, device: Device, relying_party: str, client: ClientInfo) -> None:
    """Record a correct second factor in a flow of external MFA. The relying party has checked the password."""
    write_event(EXTERNAL_MFA_COMPLETED, client, account, device=device, reason=relying_party, actor=account)


def password_reset_requested(account: Account, name: str, client: ClientInfo) -> None:
    """Record a request for a password reset link. `send_due_resets` mails the link."""
    write_event(PASSWORD_RESET_REQUESTED, client, account, name=name)


def password_reset_refused(client: ClientInfo) -> None:
    """Count a request for a password reset that leads to no mail."""
    refusals.count_refusal(PASSWORD_RESET_REQUESTED, client, "no_mail")


def password_reset_mailed(account: Account) -> None:
    """Record that a password reset link is about to be mailed."""
    write_event(PASSWORD_RESET_MAILED, ClientInfo(), account)


def password_changed(account: Account, client: ClientInfo) -> None:
    """Record that the owner set a new password with a link from an email."""
    write_event(PASSWORD_CHANGED, client, account, actor=account)
