"""Computes the differences between the file and the existing accounts. Writes nothing."""

from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from operator import attrgetter

from django.conf import settings
from django.utils import timezone

from account_import.events import ACCOUNT_IMPORTED
from account_import.rows import AccountRow
from accounts.models import Account
from audit.models import SecurityEvent

COMPARED = tuple(column.name for column in fields(AccountRow) if column.name != "username")
_LOADED_AT_ONCE = 2000


class RowOutcome(StrEnum):
    """The effect of an import on an account. Also the reason of its security event."""

    CREATED = "created"
    CHANGED = "changed"
    REACTIVATED = "reactivated"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Difference:
    """An account that is in the file, and the fields that differ."""

    account_id: int
    row: AccountRow
    fields: tuple[str, ...]
    is_staff: bool = False
    former_email: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """An active account that is not in the file."""

    account_id: int
    username: str


class TooManyMissing(RuntimeError):
    """Too many active accounts are missing from the file, so it looks incomplete."""


@dataclass(frozen=True)
class Plan:
    """The changes that an import will make."""

    created: list[AccountRow] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    reactivated: list[Difference] = field(default_factory=list)
    deactivated: list[Missing] = field(default_factory=list)
    # Staff accounts that are not in the file. An import never deactivates them.
    kept: list[Missing] = field(default_factory=list)
    # Rows whose username still belongs to the account of its former owner. These rows are not applied.
    reused: list[AccountRow] = field(default_factory=list)
    unchanged: int = 0
    active: int = 0
    # Accounts that imports deactivated within the last day. Counted only if this one deactivates any.
    gone_today: int = 0

    def fingerprint(self) -> str:
        """Return a digest of all changes and their accounts. Plans with the same digest make the same changes."""
        digest = sha256()
        digest.update(repr(sorted(self.created, key=attrgetter("username"))).encode())
        for items in (self.changed, self.reactivated, self.deactivated):
            digest.update(repr(sorted(items, key=attrgetter("account_id"))).encode())
        return digest.hexdigest()

    def refuse_mass_deactivation(self) -> None:
        """Raise `TooManyMissing` if too many active accounts would be deactivated, or any by a file without rows."""
        gone, percent = len(self.deactivated), settings.IMPORT_MISSING_PERCENT_MAX
        empty = not (self.created or self.changed or self.reactivated or self.unchanged)
        # A file that shrinks every night must not pass in parts.
        in_a_day = gone + self.gone_today
        if (gone and in_a_day * 100 > (self.active + self.gone_today) * percent) or (gone and empty):
            before = f", and {self.gone_today} were deactivated within a day" if self.gone_today else ""
            raise TooManyMissing(
                f"{gone} of {self.active} active accounts are not in the file{before}. More than {percent} % are "
                f"deactivated with --force only; --dry-run shows them."
            )


def make_plan(rows: dict[str, AccountRow], *, deactivate_missing: bool) -> Plan:
    """Compare the rows with the accounts. Accounts are streamed; only those that differ are kept in memory.

    A row and an account belong together if they have the same `directory_id`, or else the same username.
    """
    new = _Rows(rows)
    plan = Plan()
    unchanged = active = 0
    loaded = ("username", "is_active", "is_staff", "deactivated_at", *COMPARED)
    accounts = Account.objects.only(*loaded).order_by()
    for account in accounts.iterator(chunk_size=_LOADED_AT_ONCE):
        active += account.is_active
        row = new.take(account, plan.reused)
        if row is None:
            if account.is_active and deactivate_missing:
                (plan.kept if account.is_staff else plan.deactivated).append(Missing(account.pk, account.username))
            continue
        difference = Difference(account.pk, row, _differing(account, row), account.is_staff, account.email)
        # An account that an administrator deactivated stays inactive. Its data are still updated.
        if not account.is_active and account.deactivated_at is None:
            plan.reactivated.append(difference)
        elif difference.fields:
            plan.changed.append(difference)
        else:
            unchanged += 1
    gone_today = _gone_today() if plan.deactivated else 0
    return replace(plan, created=new.left(), unchanged=unchanged, active=active, gone_today=gone_today)


def _gone_today() -> int:
    since = timezone.now() - timedelta(days=1)
    events = SecurityEvent.objects.filter(kind=ACCOUNT_IMPORTED, reason=RowOutcome.DEACTIVATED.value, at__gt=since)
    return events.count()


class _Rows:
    """The rows that no account has been found for yet."""

    def __init__(self, rows: dict[str, AccountRow]) -> None:
        self._by_username = dict(rows)
        self._by_directory_id = {row.directory_id: row for row in rows.values() if row.directory_id}

    def take(self, account: Account, reused: list[AccountRow]) -> AccountRow | None:
        """Take out the account's row. A row with the username of someone else is taken out and goes to `reused`."""
        row = self._by_directory_id.get(account.directory_id) if account.directory_id else None
        if row is not None:
            return self._by_username.pop(row.username, None)
        row = self._by_username.get(account.username)
        if row is None:
            return None
        del self._by_username[account.username]
        if account.directory_id and row.directory_id:
            reused.append(row)
            return None
        return row

    def left(self) -> list[AccountRow]:
        return list(self._by_username.values())


# An empty cell does not change these.
_KEPT_IF_EMPTY = ("language", "directory_id")


def _differing(account: Account, row: AccountRow) -> tuple[str, ...]:
    return tuple(
        name
        for name in ("username", *COMPARED)
        if getattr(account, name) != getattr(row, name) and not (name in _KEPT_IF_EMPTY and not getattr(row, name))
    )
