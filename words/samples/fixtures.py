"""The person, the devices and the times of all samples. No row of them is in the database."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from accounts.models import Account
from audit.kinds import EventKind
from audit.models import SecurityEvent
from mfa_pass.models import AccessPass
from mfa_recovery.models import RecoveryDevice
from mfa_sms.models import SmsDevice
from mfa_totp.models import AuthenticatorApp
from notices.events import SECOND_FACTOR_MISSING
from sign_in.methods import Option, by_slug

NOW = datetime(2027, 3, 5, 14, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))
_NOBODY = 0  # no row has this id
_BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def account(language: str = "da") -> Account:
    return Account(
        pk=_NOBODY,
        username="abc123",
        first_name="Anna",
        last_name="Holm",
        email="abc123@example.org",
        is_student=True,
        language=language,
    )


def phone() -> Option:
    device = SmsDevice(
        pk=_NOBODY, user=account(), number="+4526123478", confirmed=True, created_at=NOW, last_used_at=NOW
    )
    return _option("mfa_sms", device)


def app() -> Option:
    return _option("mfa_totp", AuthenticatorApp(pk=_NOBODY, user=account(), name="My work phone", created_at=NOW))


def recovery_codes() -> Option:
    device = RecoveryDevice(pk=_NOBODY, user=account(), created_at=NOW)
    device.total, device.left = 10, 7  # type: ignore[attr-defined]  # as its method reads it
    return _option("mfa_recovery", device)


def access_pass() -> Option:
    device = AccessPass(pk=_NOBODY, user=account(), created_at=NOW, expires_at=NOW + timedelta(hours=1))
    return _option("mfa_pass", device)


def _option(slug: str, device: object) -> Option:
    method = by_slug(slug)
    if method is None:
        raise LookupError(slug)
    return Option(method, device)  # type: ignore[arg-type]


def event(kind: EventKind | str, language: str = "da") -> SecurityEvent:
    counts = "recovery" in str(kind) or str(kind) == SECOND_FACTOR_MISSING
    return SecurityEvent(
        pk=_NOBODY,
        kind=str(kind),
        at=NOW,
        account=account(language),
        method="mfa_sms",
        detail="3" if counts else "+45 •• •• •• 12",
        address="130.225.1.2",
        browser=_BROWSER,
        reference="K7F3-92",
    )


def service(*, employees: bool = True) -> SimpleNamespace:
    """Return a service. Its text is its name."""
    return _Service(name="Webmail", employees=employees)


class _Service(SimpleNamespace):
    def __str__(self) -> str:
        return str(self.name)
