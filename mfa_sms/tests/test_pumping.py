"""A prefix whose codes are not entered is blocked for new numbers, until IT Support lifts the block."""

from datetime import timedelta

from django.core import mail
from django.test import TestCase
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from limits.models import LimitAlarm
from mfa_sms import codes, pumping
from mfa_sms.models import Challenge, PrefixBlock, Purpose, SmsDevice, TextMessage
from mfa_sms.tests.agents import Agent
from mfa_sms.tests.helpers import Clock, html, kinds
from tests.fixtures import Walk, confirmed_phone

PREFIX = "+452612"


def code_to(account: Account, number: str, *, entered: bool = False, minutes_ago: float = 30) -> None:
    """Record a code for a new number, without sending it."""
    device, _made = SmsDevice.objects.get_or_create(user=account, confirmed=False, defaults={"number": number})
    challenge = Challenge.objects.create(
        device=device,
        purpose=Purpose.ENROLL,
        key_id=codes.current_key_id(),
        browser=number,
        outcome=Challenge.Outcome.RIGHT if entered else Challenge.Outcome.REPLACED,
    )
    TextMessage.objects.create(
        account=account,
        device=device,
        challenge=challenge,
        purpose=Purpose.ENROLL,
        number=number,
        language="da",
        expires_at=timezone.now(),
        created_at=timezone.now() - timedelta(minutes=minutes_ago),
    )


def pump(account: Account, numbers: int = 8, entered: int = 0, prefix: str = PREFIX, minutes_ago: float = 30) -> None:
    for index in range(numbers):
        code_to(account, f"{prefix}{index:04}", entered=index < entered, minutes_ago=minutes_ago)


def blocked() -> list[str]:
    with TestCase.captureOnCommitCallbacks(execute=True):
        pumping.block_pumped_prefixes()
    return list(PrefixBlock.objects.filter(lifted_at=None).values_list("prefix", flat=True))


def test_codes_that_are_never_entered_block_their_prefix_and_tell_operators_once(
    clock: Clock, student: Account, settings: Settings
) -> None:
    settings.OPERATOR_EMAILS = ["drift@example.org"]
    pump(student)
    assert blocked() == [PREFIX]
    assert blocked() == [PREFIX]
    event = SecurityEvent.objects.get()
    assert (event.kind, event.reason, event.detail) == ("prefix_blocked", PREFIX, "0/8")
    assert LimitAlarm.objects.count() == len(mail.outbox) == 1
    assert PREFIX in mail.outbox[0].body


def test_numbers_whose_codes_are_entered_block_nothing(clock: Clock, student: Account) -> None:
    pump(student, numbers=10, entered=2)
    assert blocked() == []


def test_one_person_who_tries_one_number_often_blocks_nothing(clock: Clock, student: Account) -> None:
    for _ in range(20):
        code_to(student, f"{PREFIX}0001")
    assert blocked() == []


def test_codes_that_can_still_be_entered_and_those_of_earlier_hours_do_not_count(
    clock: Clock, student: Account
) -> None:
    pump(student, minutes_ago=5)
    pump(student, minutes_ago=71)
    assert blocked() == []


def test_a_gateway_that_loses_all_messages_blocks_nothing(clock: Clock, student: Account) -> None:
    pump(student)
    pump(student, numbers=4, prefix="+452099")
    assert blocked() == []


def test_on_a_usual_day_the_prefix_is_blocked_beside_others(clock: Clock, student: Account) -> None:
    pump(student)
    pump(student, numbers=10, entered=7, prefix="+452099")
    assert blocked() == [PREFIX]


def test_a_blocked_prefix_gets_no_code_for_a_new_number_and_the_page_offers_the_app(
    clock: Clock, walk: Walk, student: Account
) -> None:
    PrefixBlock.objects.create(prefix=PREFIX, numbers=8, entered=0)
    response = walk.to_password(student).number("26 12 34 78")
    assert response.status_code == 422
    assert 'href="/enroll/app/"' in html(response)
    assert walk.outbox.messages == []
    assert kinds(student, "code_not_sent") == [("code_not_sent", "prefix_blocked")]


def test_k4_a_proven_phone_of_a_blocked_prefix_keeps_working(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    PrefixBlock.objects.create(prefix=PREFIX, numbers=8, entered=0)
    walk.signed_in(phone)
    assert kinds(phone.user, "signed_in") == [("signed_in", "")]


def test_a_number_that_it_support_registered_gets_its_code(clock: Clock, walk: Walk, student: Account) -> None:
    PrefixBlock.objects.create(prefix=PREFIX, numbers=8, entered=0)
    SmsDevice.objects.create(user=student, number="+4526123478", by_agent=True)
    walk.to_password(student).browser.post("/enroll/phone/send/")
    assert len(walk.outbox.messages) == 1


def test_an_agent_lifts_the_block_and_the_same_messages_do_not_block_it_again(
    clock: Clock, walk: Walk, helpdesk: Account, student: Account
) -> None:
    pump(student)
    blocked()
    block = PrefixBlock.objects.get()
    agent = Agent(walk, helpdesk, "view_account", "view_prefixblock", "lift_prefixblock")
    page = f"/admin/mfa_sms/prefixblock/{block.pk}/lift/"
    assert PREFIX in html(agent.browser.get("/admin/mfa_sms/prefixblock/"))
    assert PREFIX in html(agent.browser.get(page))
    assert PrefixBlock.objects.get().lifted_at is None
    assert agent.browser.post(page).status_code == 302
    assert agent.browser.post(page).status_code == 302
    event = SecurityEvent.objects.get(kind="prefix_unblocked")
    assert (event.reason, event.actor) == (PREFIX, helpdesk)
    assert blocked() == []
    assert not pumping.is_blocked(PhoneNumber.from_string(f"{PREFIX}3478"))


def test_without_the_permission_nobody_lifts_a_block(clock: Clock, walk: Walk, helpdesk: Account) -> None:
    block = PrefixBlock.objects.create(prefix=PREFIX, numbers=8, entered=0)
    agent = Agent(walk, helpdesk, "view_account", "view_prefixblock")
    assert agent.browser.post(f"/admin/mfa_sms/prefixblock/{block.pk}/lift/").status_code == 403
    assert pumping.is_blocked(confirmed_phone(helpdesk).number)
