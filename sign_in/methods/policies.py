"""Who may use which method: the rows that administrators edit, read at most once a second by each process."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.affiliation import counts_as_student
from accounts.models import Account
from common.cached_value import CachedValue
from sign_in.models import MethodPolicy


@dataclass(frozen=True)
class Audience:
    """Who may use a method."""

    students: bool
    employees: bool

    def admits(self, account: Account) -> bool:
        """Whether the account is among them."""
        return self.students if counts_as_student(account) else self.employees


def policies_at(moment: datetime) -> dict[str, Audience]:
    """Return who may use each method at a moment; methods without a rule lack."""
    begun = MethodPolicy.objects.filter(valid_from__lte=moment).order_by("valid_from")
    return {row.method: Audience(row.students, row.employees) for row in begun}


def policies_from(policy: MethodPolicy, replaces: int | None) -> Iterator[dict[str, Audience]]:
    """Yield who may use each method, were the rule saved: when it begins, and at each later change.

    `replaces` is the row that it takes the place of.
    """
    others = MethodPolicy.objects.exclude(pk=replaces or 0)
    rows = [*others, policy]
    for moment in sorted({row.valid_from for row in rows if row.valid_from >= policy.valid_from}):
        begun = sorted((row for row in rows if row.valid_from <= moment), key=lambda row: row.valid_from)
        yield {row.method: Audience(row.students, row.employees) for row in begun}


_audiences = CachedValue(lambda: policies_at(timezone.now()))


def audience(method: str) -> Audience | None:
    """Return who may use the method now, at most a second old; None where no rule was ever made."""
    return _audiences.get().get(method)


def forget() -> None:
    """Read the rules anew at the next question."""
    _audiences.forget()
