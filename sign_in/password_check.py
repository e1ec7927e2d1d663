"""Is this the password of that account name?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from accounts.account_names import AccountName
from accounts.models import Account
from audit import log
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from sign_in import events


class PasswordOutcome(Enum):
    """What a page may know. Unknown name, disabled account and wrong password are one outcome (ASVS 6.3.8)."""

    RIGHT = "right"
    WRONG = "wrong"
    WRONG_DOMAIN = "wrong_domain"
    TOO_OLD = "too_old"
    THROTTLED = "throttled"


@dataclass(frozen=True)
class PasswordResult:
    """The outcome; the account where the password is right, the end of the wait where too many were wrong."""

    outcome: PasswordOutcome
    account: Account | None = None
    until: datetime | None = None


def check_password(name: AccountName, password: str, client: ClientInfo) -> PasswordResult:
    """Check a password, write one event.

    Failures are counted per username and address, and per address, in the database. Attempts that run at the same
    moment do not see each other: as many can pass a limit as there are request threads.
    """
    # SECURITY: before anything is known of the account, and by the same query for every name.
    reason, until = _limit(name, client)
    if until is not None:
        events.sign_in_throttled(name.username, reason, client)
        return PasswordResult(PasswordOutcome.THROTTLED, until=until)
    account = Account.objects.filter(username=name.username).first()
    return _judge(name, account, password, client)


def _judge(name: AccountName, account: Account | None, password: str, client: ClientInfo) -> PasswordResult:
    if account is None:
        # SECURITY: as much work as for a known account, so that time does not tell the two apart.
        Account().set_password(password)
        events.password_refused(None, name.username, "unknown", client)
        return PasswordResult(PasswordOutcome.WRONG)
    too_old = is_too_old(account)  # before a hash is upgraded, which sets the password anew
    right = account.check_password(password)
    if not (right and account.is_active):
        events.password_refused(account, name.username, "disabled" if right else "wrong", client)
        return PasswordResult(PasswordOutcome.WRONG)
    if account.account_name != name:
        events.password_refused(account, name.username, "wrong_domain", client)
        return PasswordResult(PasswordOutcome.WRONG_DOMAIN, account)
    if too_old:
        events.password_refused(account, name.username, "too_old", client)
        return PasswordResult(PasswordOutcome.TOO_OLD, account)
    events.password_accepted(account, name.username, client)
    return PasswordResult(PasswordOutcome.RIGHT, account)


def is_too_old(account: Account) -> bool:
    """Whether the password is older than `PASSWORD_MAX_AGE_DAYS`, or of unknown age (guide, R5)."""
    changed = account.password_changed_at
    return changed is None or timezone.now() - changed > timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)


def _limit(name: AccountName, client: ClientInfo) -> tuple[str, datetime | None]:
    """Return which limit is reached and until when, in one query. Nothing is limited in an empty log."""
    recent = SecurityEvent.objects.filter(
        at__gt=timezone.now() - settings.PASSWORD_FAILURES_WINDOW, network=client.network
    ).order_by("-at")
    refused = recent.filter(kind=events.PASSWORD_REFUSED)
    accepted = recent.filter(kind=events.PASSWORD_ACCEPTED)
    of_name = refused.filter(name_digest=log.name_digest(name.username))
    rows = list(
        SecurityEvent.objects.order_by()
        .annotate(
            by_name=_nth(of_name, settings.PASSWORD_FAILURES),
            by_address=_nth(refused, settings.PASSWORD_FAILURES_PER_ADDRESS),
            right=_nth(accepted, settings.PASSWORD_FAILURES_PER_ADDRESS),
        )
        .values("by_name", "by_address", "right")[:1]
    )
    if not rows:
        return "", None
    row = rows[0]
    window = settings.PASSWORD_FAILURES_WINDOW
    if row["by_name"]:
        return "by_name", row["by_name"] + window
    if row["by_address"] and not row["right"]:
        return "by_address", row["by_address"] + window
    return "", None


def _nth(rows: QuerySet[SecurityEvent], number: int) -> Subquery:
    """Return the time of the n-th latest row: the one that fills a limit of n."""
    return Subquery(rows.values("at")[number - 1 : number])
