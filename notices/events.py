"""Security events of notices: abandoned sign-ins, and compromise reports."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, describe_kind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo


def _hidden(event: SecurityEvent) -> str:
    return ""  # the id of another event


SECOND_FACTOR_MISSING = register(
    EventKind(
        "second_factor_missing",
        gettext_lazy("Password used, login not completed"),
        is_failure=True,
        owner_text=lambda event: _("Someone entered the right password, but no code."),
        detail_text=_hidden,
        is_sign_in_attempt=True,
    )
)
GUESSED_PASSWORDS = register(
    EventKind(
        "guessed_passwords",
        gettext_lazy("Many wrong passwords"),
        is_failure=True,
        owner_text=lambda event: _("Someone entered many wrong passwords."),
        shows_client=False,
    )
)
REPORTED = register(
    EventKind(
        "reported",
        gettext_lazy("Reported by the user"),
        is_failure=True,
        owner_text=lambda event: _("You reported activity that was not yours."),
        reason_text=lambda event: describe_kind(event.reason),
        detail_text=_hidden,
    )
)
BANNER_CHANGED = register(EventKind("banner_changed", gettext_lazy("Banner changed")))


def second_factor_missing(account: Account, browser: str, address: str | None, detail: str = "") -> SecurityEvent:
    """Record that nothing followed a correct password.

    `browser` and `address` are those of the password event, `detail` is its id.
    """
    return write_event(SECOND_FACTOR_MISSING, ClientInfo(address=address, browser=browser), account, detail=detail)


def guessed_passwords(account: Account) -> SecurityEvent:
    """Record that the day's wrong passwords, from all addresses, have reached the limit of the account."""
    return write_event(GUESSED_PASSWORDS, ClientInfo(), account)


def reported(
    account: Account, reason: str, detail: str, client: ClientInfo, device: Device | None = None
) -> SecurityEvent:
    """Record a compromise report. `reason` is the kind of the reported event, `detail` its id.

    The report has ended all sessions of the account. `device` is the device that it locked, if any.
    """
    return write_event(REPORTED, client, account, reason=reason, detail=detail, device=device)


def banner_changed(actor: Account, banner_id: int, detail: str, client: ClientInfo) -> None:
    """Record that an administrator wrote or changed a banner. `detail` has its times and the Danish text."""
    write_event(BANNER_CHANGED, client, reason=str(banner_id), detail=detail[:200], actor=actor)
