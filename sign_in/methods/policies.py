"""The policies that administrators edit. Each process reads them at most once a second."""

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
    """The groups that may use a method."""

    students: bool
    employees: bool

    def admits(self, account: Account) -> bool:
        """Return whether the account belongs to one of the groups."""
        return self.students if counts_as_student(account) else self.employees


def policies_at(moment: datetime) -> dict[str, Audience]:
    """Return the audience of each method at a moment. Methods without a policy are missing."""
    begun = MethodPolicy.objects.filter(valid_from__lte=moment).order_by("valid_from")
    return {row.method: Audience(row.students, row.employees) for row in begun}


def policies_from(policy: MethodPolicy, replaces: int | None) -> Iterator[dict[str, Audience]]:
    """Yield the audiences from the start of the policy on, as if it were saved: at its start, and at each later change.

    `replaces` is the id of the row that the policy replaces, if any.
    """
    others = MethodPolicy.objects.exclude(pk=replaces or 0)
    rows = [*others, policy]
    for moment in sorted({row.valid_from for row in rows if row.valid_from >= policy.valid_from}):
        begun = sorted((row for row in rows if row.valid_from <= moment), key=lambda row: row.valid_from)
        yield {row.method: Audience(row.students, row.employees) for row in begun}


_audiences = CachedValue(lambda: policies_at(timezone.now()))


def audience(method: str) -> Audience | None:
    """Return the current audience of the method, at most a second old. Return None without a policy."""
    return _audiences.get().get(method)


def forget() -> None:
    """Read the policies again at the next call of `audience`."""
    _audiences.forget()
