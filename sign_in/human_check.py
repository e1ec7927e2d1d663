"""The human check before one more password, or one more reset, above a limit: a proof of work, or a short wait.

No limit of passwords locks anyone out, because a stranger at the same address could use it up. Above the limit, each
attempt costs the browser some seconds of work instead. A browser without scripts waits for half a minute.

The check is a signed cookie, so that requests without a session add no rows. Each check passes one attempt.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from common import proof_of_work
from limits import catalogue, counting

COOKIE = "__Host-check" if settings.SECURE else "check"
_SALT = "sign_in.human_check"


@dataclass(frozen=True)
class HumanCheck:
    """One check: its puzzle, and when it was made."""

    puzzle: dict[str, Any]
    made_at: datetime

    @property
    def opens_at(self) -> datetime:
        """Return when a person without scripts may go on."""
        return self.made_at + settings.SIGN_IN_CHECK_WAIT

    @property
    def is_expired(self) -> bool:
        return timezone.now() >= self.made_at + settings.SIGN_IN_CHECK_LIFE

    @property
    def party(self) -> str:
        """Return what identifies the check."""
        return counting.digest(str(self.puzzle.get("signature", "")))


@dataclass(frozen=True)
class Answer:
    """The answer of a request to its check: the check of its cookie, if any, and the solution of its form."""

    check: HumanCheck | None = None
    solution: str = ""
    network: str = ""

    def use(self) -> bool:
        """Use the check up. Return whether it was solved, or waited for, and not used before.

        A wait costs the person nothing but time, so few waits per address pass.
        """
        if self.check is None or self.check.is_expired:
            return False
        if not proof_of_work.is_solved(self.check.puzzle, self.solution):
            if timezone.now() < self.check.opens_at:
                return False
            if counting.take(catalogue.CHECK_WAITS_OF_ADDRESS, self.network) is not None:
                return False
        return counting.take(catalogue.CHECK_USES, self.check.party) is None


def answer_of(request: HttpRequest, network: str | None) -> Answer:
    """Return the answer of a POST. A missing, forged or expired cookie means that there is no check."""
    try:
        puzzle, made_at = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
    except signing.BadSignature:
        return Answer(network=network or "")
    check = HumanCheck(puzzle, datetime.fromtimestamp(made_at, UTC))
    return Answer(check, request.POST.get("solution", ""), network or "")


def ask(answer: Answer) -> HumanCheck:
    """Return the check for the next attempt: the one at hand if it can still pass, otherwise a new one."""
    check = answer.check
    if check is not None and not check.is_expired and counting.peek((catalogue.CHECK_USES, check.party)) is None:
        return check
    return HumanCheck(proof_of_work.new_puzzle(settings.SIGN_IN_CHECK_COST), timezone.now())


def opens_at(check: HumanCheck, network: str) -> datetime:
    """Return when a person without scripts may go on: after the check's wait, and once the address has waits left."""
    refusal = counting.peek((catalogue.CHECK_WAITS_OF_ADDRESS, network))
    return check.opens_at if refusal is None else max(check.opens_at, refusal.until)


def remember(response: HttpResponse, check: HumanCheck) -> None:
    """Let the browser keep the check. The page of the response must show its puzzle."""
    cookie: dict[str, Any] = {"secure": settings.SECURE, "httponly": True, "samesite": "Lax"}
    value = signing.dumps([check.puzzle, check.made_at.timestamp()], salt=_SALT)
    response.set_cookie(COOKIE, value, max_age=settings.SIGN_IN_CHECK_LIFE, **cookie)
