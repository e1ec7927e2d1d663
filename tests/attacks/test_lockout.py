"""Somebody wants one student locked out, and knows the account name and the number but no password.

The stranger sits at the student's own address, rents others, and has three accounts whose owners have enrolled nothing.
Nothing is scaled: the attack goes on for an hour.
"""

from datetime import timedelta

from django.conf import settings as portal
from django.core import mail
from django.utils import timezone

from accounts.account_names import parse_account_name
from common.client_info import ClientInfo
from limits import catalogue
from mfa_sms.tests.helpers import Clock
from sign_in.password_check import check_password
from sign_in.tests.test_password_reset import ask as ask_for_a_reset
from tests.attacks.outcome import Outcome
from tests.attacks.people import CAMPUS, Owner, rented, walk_at
from tests.fixtures import MakeAccount, Outbox, Walk
from tests.helpers import is_signed_in

MINUTE = timedelta(minutes=1)
ACCOMPLICES = 3
WAVES, EVERY = 6, 10  # waves of the attack, and the minutes from one to the next


class Stranger:
    """The stranger, who does everything at once."""

    def __init__(self, owner: Owner, make_account: MakeAccount) -> None:
        self.victim, self.outbox, self.waves = owner.device.user, owner.walk.outbox, 0
        self.at_campus = walk_at(self.outbox, CAMPUS)
        self.accomplices = [make_account(f"thf{number:03}", is_student=True) for number in range(ACCOMPLICES)]

    def attacks(self) -> None:
        """Make a wave: wrong passwords, a reset request, and the number of the victim at each accomplice.

        The waves of one window reach the limits of the victim's name and address, of the name, and of the address.
        """
        self.waves += 1
        name = self.victim.account_name
        for number in range(catalogue.PASSWORD_NAMES_OF_ADDRESS.number // 2):
            invented = parse_account_name(f"abc{100 * (self.waves % 9) + number:03}@alumni.ku.dk")
            check_password(invented, "guess", ClientInfo(CAMPUS))
        for number in range(catalogue.PASSWORD_FAILURES_OF_NAME_AND_ADDRESS.number):
            check_password(name, "guess", ClientInfo(CAMPUS))
            check_password(name, "guess", ClientInfo(rented(251 * (self.waves * EVERY + number))))
        ask_for_a_reset(self.at_campus, str(name))
        for number, accomplice in enumerate(self.accomplices):
            walk_at(self.outbox, rented(251 * number)).to_password(accomplice).number()


def seconds_to_sign_in(clock: Clock, walk: Walk, owner: Owner) -> float:
    """Sign in from a new browser without scripts, which waits when it is told to. Return how long that took."""
    start = timezone.now()
    walk.name(owner.device.user)
    while (page := walk.password()).status_code == 429:
        assert timezone.now() - start <= 10 * MINUTE, "the owner gave up"
        clock.forward(seconds=int(page["Retry-After"]))
    walk.send(owner.device)
    walk.code()
    assert is_signed_in(walk.browser)
    return (timezone.now() - start).total_seconds()


def test_k1_a_stranger_delays_no_sign_in_of_the_usual_browser_and_one_of_a_new_browser_for_less_than_a_minute(
    clock: Clock, owner: Owner, make_account: MakeAccount, sms_outbox: Outbox, outcome: Outcome
) -> None:
    stranger, waits, flood = Stranger(owner, make_account), [], 0
    for wave in range(WAVES):
        before = len(sms_outbox.messages)
        stranger.attacks()
        flood += len(sms_outbox.messages) - before
        if wave % 2:
            owner.signs_in()
            waits.append(seconds_to_sign_in(clock, walk_at(sms_outbox, CAMPUS), owner))
        clock.forward(minutes=EVERY)
    outcome.owner_signs_in(owner)
    outcome.at_least("seconds until a new browser is signed in", min(waits), portal.SIGN_IN_CHECK_WAIT.total_seconds())
    outcome.at_most("seconds until a new browser is signed in", max(waits), MINUTE.total_seconds())
    # The first message that an account asks for is never refused.
    outcome.at_least("messages to the victim's phone", flood, ACCOMPLICES)
    limit = catalogue.SMS_ENROLL_TO_NUMBER_PER_DAY.number + ACCOMPLICES
    outcome.at_most("messages to the victim's phone", flood, limit)
    links = [message for message in mail.outbox if "/password/new/" in message.body]
    outcome.exactly("mails with a link in an hour", len(links), catalogue.RESET_MAILS_OF_ACCOUNT.number)
