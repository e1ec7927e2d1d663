"""Who may use which method: the rows that administrators edit, read at most once a second by each process."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.affiliation import counts_as_student
from accounts.models import Account, MethodPolicy

_FRESH = 1.0  # seconds for which a process believes what it last read


@dataclass(frozen=True)
class Audience:
    """Who may use a method."""

    students: bool
    employees: bool

    def admits(self, account: Account) -> bool:
        """Whether the account is among them."""
        return self.students if counts_as_student(account) else self.employees


def at(moment: datetime) -> dict[str, Audience]:
    """Return who may use each method at a moment; methods without a rule lack."""
    begun = MethodPolicy.objects.filter(valid_from__lte=moment).order_by("valid_from")
    return {row.method: Audience(row.students, row.employees) for row in begun}


def from_then_on(rule: MethodPolicy, replaces: int | None) -> Iterator[dict[str, Audience]]:
    """Yield who may use each method, were the rule saved: when it begins, and at each later change.

    `replaces` is the row that it takes the place of.
    """
    others = MethodPolicy.objects.exclude(pk=replaces or 0)
    rows = [*others, rule]
    for moment in sorted({row.valid_from for row in rows if row.valid_from >= rule.valid_from}):
        begun = sorted((row for row in rows if row.valid_from <= moment), key=lambda row: row.valid_from)
        yield {row.method: Audience(row.students, row.employees) for row in begun}


class _Known:
    """The rules as this process last read them; no more than `_FRESH` old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._audiences: dict[str, Audience] = {}

    def audiences(self) -> dict[str, Audience]:
        with self._lock:
            if time.monotonic() - self._read_at > _FRESH:
                self._audiences = at(timezone.now())
                self._read_at = time.monotonic()
            return self._audiences

    def forget(self) -> None:
        with self._lock:
            self._read_at = float("-inf")


_known = _Known()


def audience(method: str) -> Audience | None:
    """Return who may use the method now, at most a second old; None where no rule was ever made."""
    return _known.audiences().get(method)


def forget() -> None:
    """Read the rules anew at the next question."""
    _known.forget()
