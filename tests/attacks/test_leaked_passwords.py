"""Somebody tries a list of leaked names and passwords, at one address and at many.

Scaled: the list has 1,000 names in place of 10,000, tried within one window of the limits. The limits are the real
ones. The rest of a longer list would be refused in the same way. A fast hasher makes the comparisons cheap.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import repeat

import pytest
from django.conf import settings as portal
from django.utils import timezone

from accounts.account_names import AccountName, parse_account_name
from common import proof_of_work
from common.client_info import ClientInfo
from limits import catalogue
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock
from mfa_totp.tests.helpers import ENROLL
from notices import abandoned_sign_ins, guessed_passwords, own_notices
from notices.models import Notice
from sign_in.human_check import Answer, HumanCheck
from sign_in.password_check import PasswordOutcome, check_password
from tests.attacks.outcome import Outcome
from tests.attacks.people import CAMPUS, Owner, passes_the_check, rented, walk_at
from tests.fixtures import PASSWORD, MakeAccount, Outbox, confirmed_phone
from tests.helpers import is_signed_in

LIST = 1000
EVERY = 50  # one in EVERY leaked passwords is still right
Leak = tuple[AccountName, str]


@pytest.fixture
def right(make_account: MakeAccount) -> list[SmsDevice]:
    """The phones of the accounts whose leaked password is still right."""
    accounts = [make_account(f"abc{number:03}", is_student=True) for number in range(EVERY - 1, LIST, EVERY)]
    return [confirmed_phone(account, f"+45311{number:03}55") for number, account in enumerate(accounts)]


@pytest.fixture
def leaked(right: list[SmsDevice]) -> list[Leak]:
    """The list. Most of its names are unknown here."""
    return [(parse_account_name(f"abc{number:03}@alumni.ku.dk"), PASSWORD) for number in range(LIST)]


def stuff(leaks: Iterable[Leak], addresses: Iterable[str], answers: Iterable[Answer]) -> Counter[PasswordOutcome]:
    """Try each name at the next address with the next answer to the human check. Return how often each outcome came."""
    tries = zip(leaks, addresses, answers, strict=False)
    return Counter(check_password(*leak, ClientInfo(at), answer=answer).outcome for leak, at, answer in tries)


def waited(address: str) -> Iterator[Answer]:
    """Return answers of a machine that has waited for each check, and has done no work."""
    while True:
        made_at = timezone.now() - portal.SIGN_IN_CHECK_WAIT
        yield Answer(HumanCheck(proof_of_work.new_puzzle(portal.SIGN_IN_CHECK_COST), made_at), "", address)


def test_a_list_at_one_address_is_stopped_and_the_people_at_that_address_sign_in(
    leaked: list[Leak], owner: Owner, make_account: MakeAccount, sms_outbox: Outbox, outcome: Outcome
) -> None:
    found = stuff(leaked, repeat(CAMPUS), repeat(Answer()))
    limit = catalogue.PASSWORD_NAMES_OF_ADDRESS.number
    outcome.exactly("wrong passwords that were compared", found[PasswordOutcome.WRONG], limit)
    outcome.at_most("right passwords found", found[PasswordOutcome.RIGHT], limit / (EVERY - 1))
    owner.signs_in()
    outcome.owner_signs_in(owner)
    newcomer = confirmed_phone(make_account("new111", is_student=True), "+4531000155")
    outcome.exactly("sign-ins in a new browser", passes_the_check(walk_at(sms_outbox, CAMPUS), newcomer), 1)
    elsewhere = walk_at(sms_outbox, rented(0)).to_password(newcomer.user)
    outcome.exactly("status at another address", elsewhere.get("/sign-in/verify/").status_code, 200)


def test_a_machine_that_waits_for_each_check_goes_on_with_few_names(
    leaked: list[Leak], owner: Owner, outcome: Outcome
) -> None:
    first = stuff(leaked, repeat(CAMPUS), repeat(Answer()))
    names = catalogue.PASSWORD_NAMES_OF_ADDRESS.number
    more = stuff(leaked[2 * names : 4 * names], repeat(CAMPUS), waited(CAMPUS))
    limit = catalogue.CHECK_WAITS_OF_ADDRESS.number
    outcome.at_least("refused before", first[PasswordOutcome.THROTTLED], LIST - 2 * names)
    outcome.exactly("passwords compared after a wait", more.total() - more[PasswordOutcome.THROTTLED], limit)
    owner.signs_in()
    outcome.owner_signs_in(owner)


def test_many_addresses_compare_few_passwords_of_each_name_and_the_owner_signs_in(
    clock: Clock, owner: Owner, make_account: MakeAccount, sms_outbox: Outbox, outcome: Outcome
) -> None:
    victims = [owner.device.user, *(make_account(f"abc{number:03}", is_student=True) for number in range(4))]
    guesses = LIST // len(victims)
    leaks = [(victim.account_name, f"guess {number}") for number in range(guesses) for victim in victims]
    found = stuff(leaks, map(rented, range(LIST)), repeat(Answer()))
    limit = catalogue.PASSWORD_FAILURES_OF_NAME.number
    outcome.exactly("wrong passwords that were compared", found[PasswordOutcome.WRONG], len(victims) * limit)
    guessed_passwords.notify_guessed_passwords()
    told = Notice.objects.filter(kind=own_notices.GUESSED_PASSWORDS)
    outcome.exactly("owners told", told.count(), len(victims))
    owner.signs_in()
    outcome.owner_signs_in(owner)
    outcome.exactly("sign-ins in a new browser", passes_the_check(walk_at(sms_outbox, CAMPUS), owner.device), 1)


def test_right_passwords_that_many_addresses_find_open_nothing_and_their_owners_are_told(
    clock: Clock, owner: Owner, leaked: list[Leak], right: list[SmsDevice], sms_outbox: Outbox, outcome: Outcome
) -> None:
    """No limit stops a list that is tried once for each name at enough addresses. The second factor does."""
    found = stuff(leaked, map(rented, range(LIST)), repeat(Answer()))
    outcome.exactly("right passwords found", found[PasswordOutcome.RIGHT], len(right))
    opened = []
    for number, phone in enumerate(right):
        thief = walk_at(sms_outbox, rented(number)).to_password(phone.user)
        if is_signed_in(thief.browser) or thief.browser.get(ENROLL).status_code == 200:
            opened.append(str(phone.user))
    outcome.nothing("accounts that a right password opened", opened)
    owner.signs_in()
    outcome.owner_signs_in(owner)
    clock.forward(seconds=portal.ABANDONED_AFTER.total_seconds())
    abandoned_sign_ins.notify_abandoned_sign_ins()
    told = Notice.objects.filter(kind=own_notices.SECOND_FACTOR_MISSING)
    outcome.exactly("owners told", told.count(), len(right))
