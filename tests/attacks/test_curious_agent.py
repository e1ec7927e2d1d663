"""A curious agent of the role Helpdesk looks for what the role does not show, and acts where the role does not.

The agent knows the name of a student, who requests a code and signs in meanwhile. Nothing is scaled.
"""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import TestCase
from django.urls import reverse

from accounts.models import Account
from backoffice import account_search, roles
from helpdesk import registry
from helpdesk.tests.people import SAID, act_page, agent_of, browser_of, words
from limits import catalogue
from mfa_pass.tests.helpers import give
from mfa_recovery.tests.helpers import make_codes
from mfa_sms import notifier
from mfa_sms.models import Challenge, TextMessage
from mfa_sms.tests.helpers import Clock, code_of
from mfa_totp.tests.helpers import app_of
from notices import own_notices
from tests.attacks.outcome import Outcome
from tests.attacks.people import Owner, rented, walk_at
from tests.fixtures import NUMBER, Browser, MakeAccount, Outbox, confirmed_phone
from tests.helpers import picture

NATIONAL = NUMBER.removeprefix("+45")
SHOWN = 2  # digits that every page shows
LISTS = ("accounts_account", "mfa_sms_smsdevice", "mfa_sms_textmessage", "mfa_sms_challenge", "audit_securityevent")
PAGES = 150  # that the agent opens
LINK = re.compile(r'href="(/admin/[^"#]*)"')


@pytest.fixture
def desk(owner: Owner, sms_outbox: Outbox) -> Browser:
    """The agent's browser."""
    return browser_of(agent_of(roles.HELPDESK, "agt111"), sms_outbox)


def answers(browser: Browser, name: str, guess: str) -> dict[str, tuple[int, str, bool]]:
    """Search each list for a guess. Return the status, the redirect and whether the student is shown, by search."""
    found = {}
    for listed in LISTS:
        path = reverse(f"admin:{listed}_changelist")
        for query in ("q={}", f"q={name}+{{}}", "number__endswith={}", "number__contains={}", "number=%2B45{}"):
            response = browser.get(f"{path}?{query.format(guess)}")
            location = response.headers.get("Location", "").replace(guess, "…")
            found[f"{path}?{query}"] = (response.status_code, location, f">{name}<" in words(response))
    return found


def test_a_search_tells_no_masked_digit_of_a_number(
    clock: Clock, desk: Browser, owner: Owner, outcome: Outcome
) -> None:
    """A list that answers the right guess in another way than a wrong one tells a digit."""
    name, told = owner.device.user.username, []
    for digits in range(SHOWN + 1, len(NATIONAL) + 1):
        right = NATIONAL[-digits:]
        wrong = str((int(right[0]) + 1) % 10) + right[1:]
        of_right, of_wrong = answers(desk, name, right), answers(desk, name, wrong)
        told += [search for search in of_right if of_right[search] != of_wrong[search]]
    owner.signs_in()
    outcome.nothing("searches that told a digit", told)
    shown = account_search.account_ids(NATIONAL[-SHOWN:])
    outcome.exactly("accounts found by the digits that are shown", len(shown), 1)
    outcome.owner_signs_in(owner)


@pytest.fixture
def secrets(owner: Owner, helpdesk: Account) -> list[str]:
    """The secrets of a student who has every method and has just requested a code. No page may show them."""
    account = owner.device.user
    walk_at(owner.walk.outbox, rented(0)).to_code(owner.device)
    challenge = Challenge.objects.latest("pk")
    app, recovery = app_of(account), make_codes(account)
    keys = [app.bin_key.hex(), bytes(challenge.nonce).hex(), account.password]
    return [NATIONAL, code_of(challenge), give(account, helpdesk), *recovery, *keys]


def crawl(browser: Browser, start: str) -> Iterator[tuple[str, str]]:
    """Follow the links of the admin from a page. Yield each address and its page, without separators of digits."""
    seen, waiting = {start}, [start]
    while waiting and len(seen) < 4 * PAGES:
        path = waiting.pop(0)
        page = unescape(words(browser.get(path, follow=True)))
        yield path, page + re.sub(r"(?<=\d)[\s.-](?=\d)", "", page)
        links = [link for link in map(unescape, LINK.findall(page)) if link not in seen and "/logout/" not in link]
        seen.update(links)
        waiting += links


def test_no_page_that_an_agent_reaches_shows_a_code_a_secret_or_a_whole_number(
    clock: Clock, desk: Browser, owner: Owner, secrets: list[str], outcome: Outcome
) -> None:
    found, opened = [], 0
    for path, page in crawl(desk, f"/admin/accounts/account/{owner.device.user_id}/change/"):
        opened += 1
        found += [path for secret in secrets if secret in page]
        if opened == PAGES:
            break
    outcome.at_least("pages opened", opened, 50)
    outcome.nothing("pages with a secret", found)
    response = desk.post(act_page(owner.device.user, "full-number"), {**SAID, "device": str(owner.device.pk)})
    outcome.exactly("status of the whole number", response.status_code, 403)
    clock.forward(minutes=5)
    owner.signs_in()
    outcome.owner_signs_in(owner)


def test_an_agent_acts_on_no_staff_account_and_not_on_the_own_one(
    clock: Clock, desk: Browser, owner: Owner, administrator: Account, outcome: Outcome
) -> None:
    staff = [Account.objects.get(username="agt111"), agent_of(roles.LEAD, "lea222"), administrator]
    for account in staff:
        app_of(account)
    before, done, tried = picture(), [], 0
    for account in staff:
        for action in registry.all_actions():
            tried += 1
            said = {**SAID, "life": "60", "reason": "misuse", "device": "1"}
            if desk.post(act_page(account, action.slug), said).status_code not in (403, 404):
                done.append(f"{action.slug} on {account}")
    after = picture()
    outcome.at_least("acts tried", tried, len(staff) * 10)
    outcome.nothing("acts on staff", done)
    outcome.nothing("tables that changed", [label for label in before if before[label] != after[label]])
    owner.signs_in()
    outcome.owner_signs_in(owner)


def test_tests_that_an_agent_sends_to_a_phone_silence_no_notice_of_its_owner(
    clock: Clock, desk: Browser, owner: Owner, sms_outbox: Outbox, outcome: Outcome
) -> None:
    account, device = owner.device.user, owner.device
    limit = catalogue.SMS_TESTS_OF_DEVICE_PER_DAY.number
    for _test in range(2 * limit):
        desk.post(act_page(account, "send-test-message"), {**SAID, "device": str(device.pk), "gateway": "file"})
    outcome.exactly("tests sent", TextMessage.objects.filter(notice=TextMessage.TEST).count(), limit)
    before = len(sms_outbox.messages)
    notices = catalogue.SMS_NOTICES_TO_NUMBER_PER_DAY.number
    for _change in range(notices):
        with TestCase.captureOnCommitCallbacks(execute=True):
            notifier.send_notice(device, own_notices.DEVICE_REMOVED)
    outcome.exactly("notices that the owner got", len(sms_outbox.messages) - before, notices)
    owner.signs_in()
    outcome.owner_signs_in(owner)


def test_tests_to_neighbors_of_a_number_silence_no_notice_of_its_owner(
    clock: Clock, desk: Browser, owner: Owner, make_account: MakeAccount, sms_outbox: Outbox, outcome: Outcome
) -> None:
    tests = catalogue.SMS_TESTS_OF_DEVICE_PER_DAY.number
    for number in range(catalogue.SMS_NOTICES_TO_PREFIX_PER_HOUR.number // tests):
        near = confirmed_phone(make_account(f"fri{number:03}", is_student=True), f"+452612{number:04}")
        for _test in range(tests):
            desk.post(act_page(near.user, "send-test-message"), {**SAID, "device": str(near.pk), "gateway": "file"})
    owner.signs_in()
    before = len(sms_outbox.messages)
    with TestCase.captureOnCommitCallbacks(execute=True):
        notifier.send_notice(owner.device, own_notices.DEVICE_REMOVED)
    outcome.exactly("notices that the owner got", len(sms_outbox.messages) - before, 1)
    outcome.owner_signs_in(owner)
