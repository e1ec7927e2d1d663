"""A thief has the password of one account whose phone is confirmed.

The thief knows the limits, and uses a new browser at a new address for each visit. The window of the daily budget is
opened with one code. The rest is used at its end, and the next budget right after it, so that both fall within 24
hours. Nothing is scaled.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as portal
from django.utils import timezone

from accounts.models import Account
from common import secret_codes
from limits import catalogue
from mfa_pass import codes as pass_codes
from mfa_pass.tests import helpers as access_pass
from mfa_pass.verification import PassVerification
from mfa_recovery import codes as recovery_codes
from mfa_recovery.tests import helpers as recovery
from mfa_recovery.verification import RecoveryVerification
from mfa_sms.tests.helpers import Clock, other_than
from mfa_sms.verification import SmsVerification
from mfa_totp import matching
from mfa_totp.tests import helpers as totp
from mfa_totp.verification import AppVerification
from notices import own_notices
from notices.models import Notice
from tests.attacks.outcome import Outcome
from tests.attacks.people import Owner, rented, walk_at
from tests.fixtures import Outbox, Walk

DAY = timedelta(days=1)
MOST = 1e-4  # the chance that a thief of the password guesses a code in 24 hours (K3)
LETTERS = len(secret_codes.ALPHABET)
TRIES = 5  # codes that the thief enters in one visit
VISITS = 24  # every twenty minutes, from four hours before the end of the first window to four hours after it
# The chance that one guess is right. An app accepts the codes of a few steps, and each recovery code is accepted.
CHANCES = {
    "sms": 10.0**-6,
    "app": (2 * matching.TOLERANCE + 1) / 10**matching.DIGITS,
    "recovery": portal.RECOVERY_CODES / LETTERS**recovery_codes.LENGTH,
    "pass": 1 / LETTERS**pass_codes.LENGTH,
}


@dataclass
class Moments:
    """The moments at which something happened."""

    times: list[datetime] = field(default_factory=list)

    def note(self) -> None:
        self.times.append(timezone.now())

    @property
    def most_in_a_day(self) -> int:
        """Return how often it happened in the worst 24 hours."""
        return max((sum(start <= at < start + DAY for at in self.times) for start in self.times), default=0)


@pytest.fixture
def wrong_codes(monkeypatch: pytest.MonkeyPatch) -> Moments:
    """The wrong codes that were really compared, by any method."""
    compared = Moments()

    def watched(original: Callable[..., Any]) -> Callable[..., Any]:
        def find_match(*args: Any) -> Any:
            found = original(*args)
            if found is None:
                compared.note()
            return found

        return find_match

    for verification in (SmsVerification, AppVerification, RecoveryVerification, PassVerification):
        monkeypatch.setattr(verification, "find_match", watched(verification.find_match))
    return compared


@dataclass
class Thief:
    """The thief, who begins each visit in another browser at another address."""

    owner: Owner
    visits: int = 0

    def new_browser(self) -> Walk:
        self.visits += 1
        return walk_at(self.owner.walk.outbox, rented(251 * self.visits))

    def guess(self, method: str, tries: int = TRIES) -> None:
        """Enter wrong codes for the method, until a code is refused."""
        device, walk = self.owner.device, self.new_browser().to_password(self.owner.device.user)
        enter: Callable[[str], Any] = walk.code
        if method == "sms":
            wrong = other_than(walk.outbox.codes[-1]) if walk.send(device).status_code == 200 else "000000"
        elif method == "app":
            app = totp.app_of(device.user)  # one more app for each visit, which must not help
            totp.post(walk, totp.CHOOSE, device=app.persistent_id)
            enter, wrong = (lambda code: totp.answer(walk, code)), totp.wrong_code(app)
        else:
            helpers = {"recovery": recovery, "pass": access_pass}[method]
            enter, wrong = (lambda code: helpers.enter(walk, code)), helpers.WRONG
        for _try in range(tries):
            if enter(wrong).status_code == 429:
                return


def prepare(method: str, owner: Account, agent: Account) -> None:
    """Give the owner the codes that the thief guesses."""
    if method == "recovery":
        recovery.make_codes(owner)
    if method == "pass":
        access_pass.give(owner, agent, life=portal.ACCESS_PASS_LONGEST)


@pytest.mark.parametrize("method", CHANCES)
def test_k3_a_thief_of_the_password_guesses_a_code_with_less_than_1_in_10_000_while_the_owner_signs_in(
    clock: Clock, owner: Owner, helpdesk: Account, wrong_codes: Moments, outcome: Outcome, method: str
) -> None:
    thief = Thief(owner)
    prepare(method, owner.device.user, helpdesk)
    thief.guess(method, tries=1)
    clock.forward(hours=20)
    prepare(method, owner.device.user, helpdesk)
    for visit in range(VISITS):
        if visit % 6 == 0:
            owner.signs_in()
        thief.guess(method)
        clock.forward(minutes=20)
    budget = catalogue.CODE_FAILURES_OF_ACCOUNT.number
    outcome.owner_signs_in(owner)
    outcome.at_least("wrong codes compared in 24 hours", wrong_codes.most_in_a_day, budget)
    outcome.at_most("wrong codes compared in 24 hours", wrong_codes.most_in_a_day, 2 * budget)
    outcome.less_than("chance in 24 hours", wrong_codes.most_in_a_day * CHANCES[method], MOST)
    outcome.at_least("notices of wrong codes", Notice.objects.filter(kind=own_notices.MANY_WRONG_CODES).count(), 1)


def test_a_thief_of_the_password_causes_few_messages_and_leaves_the_owner_enough(
    clock: Clock, owner: Owner, sms_outbox: Outbox, outcome: Outcome
) -> None:
    thief, sent = Thief(owner), Moments()

    def ask() -> None:
        before = len(sms_outbox.messages)
        thief.new_browser().to_code(owner.device)
        for _message in sms_outbox.messages[before:]:
            sent.note()

    ask()
    clock.forward(hours=20)
    for visit in range(VISITS):
        if visit % 6 == 0:
            owner.signs_in()
            clock.forward(minutes=1)
        ask()
        clock.forward(minutes=20)
    limit = catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY.number
    outcome.owner_signs_in(owner)
    outcome.at_least("messages of the thief in 24 hours", sent.most_in_a_day, limit)
    outcome.at_most("messages of the thief in 24 hours", sent.most_in_a_day, 2 * limit)
