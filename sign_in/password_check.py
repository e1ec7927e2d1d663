"""The check of a password: its outcome, its event, and the limits for wrong passwords."""

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
    """The outcome of a password check, for a page.

    SECURITY: an unknown name, a disabled account and a wrong password share one outcome (ASVS 6.3.8).
    """

    RIGHT = "right"
    WRONG = "wrong"
    WRONG_DOMAIN = "wrong_domain"
    TOO_OLD = "too_old"
    THROTTLED = "throttled"


@dataclass(frozen=True)
class PasswordResult:
    """The outcome of a password check.

    `account` is set if the password was right. `until` is the end of the wait after too many failures.
    """

    outcome: PasswordOutcome
    account: Account | None = None
    until: datetime | None = None


def check_password(name: AccountName, password: str, client: ClientInfo) -> PasswordResult:
    """Check a password and write one event.

    Failures are counted in the database, per username and address and per address. Simultaneous attempts do not see
    each other, so one attempt per request thread can exceed a limit.
    """
    # SECURITY: check the limits before loading the account, and with the same query for every name.
    reason, until = _limit(name, client)
    if until is not None:
        events.sign_in_throttled(name.username, reason, client)
        return PasswordResult(PasswordOutcome.THROTTLED, until=until)
    account = Account.objects.filter(username=name.username).first()
    return _judge(name, account, password, client)


def _judge(name: AccountName, account: Account | None, password: str, client: ClientInfo) -> PasswordResult:
    if account is None:
        # SECURITY: do the same work as for a known account, so that the time does not reveal which names exist.
        Account().set_password(password)
        events.password_refused(None, name.username, "unknown", client)
        return PasswordResult(PasswordOutcome.WRONG)
    too_old = is_too_old(account)  # before check_password: a hash upgrade sets the password again, and so its age
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
    """Return whether the password is older than `PASSWORD_MAX_AGE_DAYS`, or of unknown age (guide, R5)."""
    changed = account.password_changed_at
    return changed is None or timezone.now() - changed > timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)


def _limit(name: AccountName, client: ClientInfo) -> tuple[str, datetime | None]:
    """Return the reached limit and when it ends, in one query: "by_name", "by_address", or empty and None.

    The limit per address does not apply if as many passwords from it were accepted. An empty log limits nothing.
    """
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
    """Return the time of the n-th latest row, which is the row that reaches a limit of n."""
    return Subquery(rows.values("at")[number - 1 : number])
