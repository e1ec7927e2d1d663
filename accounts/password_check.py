"""Is this the password of that account name?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from accounts import events
from accounts.account_names import AccountName
from accounts.models import Account, SecurityEvent
from accounts.origin import Origin


class Outcome(Enum):
    """What a page may know. Unknown name, disabled account and wrong password are one outcome (ASVS 6.3.8)."""

    RIGHT = "right"
    WRONG = "wrong"
    WRONG_DOMAIN = "wrong_domain"
    TOO_OLD = "too_old"
    THROTTLED = "throttled"


@dataclass(frozen=True)
class PasswordResult:
    """The outcome; the account where the password is right, the end of the wait where too many were wrong."""

    outcome: Outcome
    account: Account | None = None
    until: datetime | None = None


def check_password(name: AccountName, password: str, origin: Origin) -> PasswordResult:
    """Check a password, write one event.

    Failures are counted per name and address, and per address, in the database. Attempts that run at the same moment
    do not see each other: as many can pass a limit as there are request threads.
    """
    nth = _nth_failures(str(name), origin)
    account = (
        Account.objects.filter(username=name.username)
        .annotate(**{key: Subquery(rows.values("at")) for key, rows in nth.items()})
        .first()
    )
    found = {key: getattr(account, key) if account else _at(rows) for key, rows in nth.items()}
    full = [(reason, at) for reason, at in found.items() if at is not None]
    if full:
        reason, since = max(full, key=lambda item: item[1])
        events.sign_in_throttled(str(name), reason, origin)
        return PasswordResult(Outcome.THROTTLED, until=since + settings.PASSWORD_FAILURES_WINDOW)
    return _judge(name, account, password, origin)


def _judge(name: AccountName, account: Account | None, password: str, origin: Origin) -> PasswordResult:
    if account is None:
        # SECURITY: as much work as for a known account, so that time does not tell the two apart.
        Account().set_password(password)
        events.password_refused(None, str(name), "unknown", origin)
        return PasswordResult(Outcome.WRONG)
    right = account.check_password(password)
    if not (right and account.is_active):
        events.password_refused(account, str(name), "disabled" if right else "wrong", origin)
        return PasswordResult(Outcome.WRONG)
    if account.account_name != name:
        events.password_refused(account, str(name), "wrong_domain", origin)
        return PasswordResult(Outcome.WRONG_DOMAIN, account)
    if is_too_old(account):
        events.password_refused(account, str(name), "too_old", origin)
        return PasswordResult(Outcome.TOO_OLD, account)
    events.password_accepted(account, str(name), origin)
    return PasswordResult(Outcome.RIGHT, account)


def is_too_old(account: Account) -> bool:
    """Whether the password is older than `PASSWORD_MAX_AGE_DAYS`, or of unknown age (guide, R5)."""
    changed = account.password_changed_at
    return changed is None or timezone.now() - changed > timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)


def _nth_failures(name: str, origin: Origin) -> dict[str, QuerySet[SecurityEvent]]:
    """Return, for each limit, the query of the failure that fills it."""
    recent = SecurityEvent.objects.filter(
        kind=SecurityEvent.Kind.PASSWORD_REFUSED,
        at__gt=timezone.now() - settings.PASSWORD_FAILURES_WINDOW,
        address=origin.address,
    ).order_by("-at")
    nth, per_address = settings.PASSWORD_FAILURES, settings.PASSWORD_FAILURES_PER_ADDRESS
    return {
        "by_name": recent.filter(name_digest=events.name_digest(name))[nth - 1 : nth],
        "by_address": recent[per_address - 1 : per_address],
    }


def _at(rows: QuerySet[SecurityEvent]) -> datetime | None:
    return rows.values_list("at", flat=True).first()
