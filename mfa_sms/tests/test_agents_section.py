"""An agent sees an account's messages, while its owner is on the phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from accounts.models import Account
from common import cached_value
from mfa_sms import breaker, delivery_status
from mfa_sms.delivery_status import DeliveryStatus
from mfa_sms.gateways import GatewayFault
from mfa_sms.helpdesk import section
from mfa_sms.models import GatewayState, SmsDevice, TextMessage
from mfa_sms.tests.agents import WHOLE, Agent
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import queued
from sign_in import methods
from tests.fixtures import MakeAccount, Walk, confirmed_phone

Status = TextMessage.Status


@pytest.fixture
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def agent(walk: Walk, helpdesk: Account) -> Agent:
    return Agent(walk, helpdesk)


def made(account: Account) -> Any:
    return section.make_section(account, methods.devices(account.pk))


def later(minutes: int) -> Any:
    return timezone.now() - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("fields", "fate", "name", "advice"),
    [
        ({"status": Status.QUEUED}, DeliveryStatus.WAITS, "Queued", "Wait a minute."),
        ({"status": Status.SENDING}, DeliveryStatus.WAITS, "Queued", "Wait a minute."),
        ({"status": Status.SENT}, DeliveryStatus.SENT_BLIND, "Sent: this gateway sends no receipts", "then try again"),
        (
            {"status": Status.QUEUED, "error": "unavailable"},
            DeliveryStatus.RETRIED,
            "Not sent yet: being retried",
            "Wait",
        ),
        ({"status": Status.DELIVERED}, DeliveryStatus.DELIVERED, "Delivered to the phone", "Check the spam folder"),
        (
            {"status": Status.UNDELIVERABLE},
            DeliveryStatus.UNREACHABLE,
            "The phone cannot be reached",
            "flight mode, coverage",
        ),
        ({"status": Status.EXPIRED}, DeliveryStatus.UNREACHABLE, "The phone cannot be reached", "roaming"),
        (
            {"status": Status.REJECTED, "error": GatewayFault.REFUSED.value},
            DeliveryStatus.NO_SUCH_NUMBER,
            "The number does not exist",
            "Check the digits",
        ),
        ({"status": Status.REJECTED}, DeliveryStatus.REJECTED, "Rejected by the operator", "not your fault"),
        ({"status": Status.FAILED}, DeliveryStatus.FAULT, "Fault at the gateway", "We are working on it".lower()),
        ({"status": Status.UNKNOWN}, DeliveryStatus.FAULT, "Fault at the gateway", "not your fault"),
        ({"status": Status.CANCELLED}, DeliveryStatus.TOO_LATE, "Expired before it was sent", "Ask for a new one."),
    ],
)
@pytest.mark.usefixtures("_english")
def test_each_state_has_a_name_and_something_to_tell_the_student(
    phone: SmsDevice, fields: dict[str, str], fate: DeliveryStatus, name: str, advice: str
) -> None:
    message = queued(phone, **fields)
    assert delivery_status.delivery_status(message) is fate
    found = made(phone.user)
    (entry,) = found.entries
    assert entry.detail.startswith(f"{name} · ")
    assert advice in found.advice
    assert delivery_status.status_text(fate)


@pytest.mark.parametrize(
    ("receipts", "minutes", "fate"),
    [(True, 11, DeliveryStatus.SILENT), (True, 9, DeliveryStatus.SENT), (False, 11, DeliveryStatus.SENT_BLIND)],
)
def test_a_gateway_that_sends_receipts_is_silent_after_ten_minutes(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, receipts: bool, minutes: int, fate: DeliveryStatus
) -> None:
    use(monkeypatch, FakeGateway("first", wants_receipts=receipts))
    message = queued(phone, status=Status.SENT, gateway="first", status_at=later(minutes))
    assert delivery_status.delivery_status(message) is fate


@pytest.mark.usefixtures("_english")
def test_an_entry_says_what_for_where_to_and_how_often(phone: SmsDevice) -> None:
    queued(phone, status=Status.DELIVERED, gateway="file", tries=2)
    found = made(phone.user)
    (entry,) = found.entries
    assert (entry.what, entry.failed) == ("Text message: Login", False)
    assert entry.detail == "Delivered to the phone · +45 •• •• •• 78 · file · 2 tries"
    ((label, said),) = found.facts
    assert label == "Last text message"
    assert said.endswith("(just now): Delivered to the phone")
    assert found.notes == found.troubles == ()


@pytest.mark.usefixtures("_english")
def test_nothing_is_advised_about_a_code_that_can_no_longer_be_entered_or_about_a_notice(phone: SmsDevice) -> None:
    queued(phone, status=Status.QUEUED, created_at=later(11), expires_at=later(1))
    TextMessage.objects.create(
        account=phone.user, purpose="notice", number=phone.number, expires_at=later(-60), created_at=later(0)
    )
    assert made(phone.user).advice == ""


@pytest.mark.usefixtures("_english")
def test_during_an_outage_nothing_is_advised_and_who_must_use_an_app_is_not_told_of_it(
    phone: SmsDevice, employee: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FakeGateway("first"))
    queued(phone, status=Status.QUEUED)
    assert made(phone.user).advice == "Wait a minute."
    GatewayState.objects.create(gateway="first", out_of_service=True)
    breaker.forget()
    assert (made(phone.user).advice, len(made(phone.user).troubles)) == ("", 1)
    assert made(employee).troubles == ()


@pytest.mark.usefixtures("_english")
def test_the_last_ten_are_shown_newest_first(phone: SmsDevice) -> None:
    for minutes in range(12):
        queued(phone, status=Status.SENT, created_at=later(minutes), gateway=f"g{minutes}")
    assert [entry.detail.rpartition(" ")[2] for entry in made(phone.user).entries] == [f"g{n}" for n in range(10)]


@pytest.mark.usefixtures("_english")
def test_messages_of_others_are_not_shown(phone: SmsDevice, student_employee: Account) -> None:
    queued(phone)
    found = made(student_employee)
    assert found.entries == ()
    assert found.facts == (("Last text message", "none"),)


@pytest.mark.usefixtures("_english")
def test_it_says_so_when_a_gateway_rests(student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))
    GatewayState.objects.create(gateway="first", out_of_service=True)
    breaker.forget()
    assert "The problem may be on our side: these gateways are paused after errors: first." in made(student).troubles[0]
    GatewayState.objects.create(gateway="second", out_of_service=True)
    breaker.forget()
    assert made(student).troubles == ("The problem is on our side: no gateway is working right now.",)


@pytest.mark.usefixtures("_english")
def test_it_says_so_when_codes_wait_for_more_than_a_minute(phone: SmsDevice, make_account: MakeAccount) -> None:
    another = make_account("oth111", is_student=True)
    queued(phone, created_at=later(0))
    TextMessage.objects.create(
        account=phone.user, purpose="notice", number=phone.number, expires_at=timezone.now(), created_at=later(5)
    )
    assert made(another).troubles == ()
    queued(phone, created_at=later(2))
    assert made(another).troubles == ("The problem is on our side: 1 code has waited for more than a minute.",)


@pytest.mark.usefixtures("_english")
def test_it_says_so_when_the_country_is_not_allowed_any_more(phone: SmsDevice, settings: Settings) -> None:
    settings.SMS_COUNTRIES = ["SE"]
    (note,) = made(phone.user).notes
    assert "from Denmark. +45 •• •• •• 78 cannot be registered again" in note


def test_the_page_says_the_last_message_first_and_no_number_whole(agent: Agent, phone: SmsDevice) -> None:
    queued(phone, status=Status.DELIVERED)
    page = agent.page(phone.user)
    first = page.index("Last text message")
    assert page.index("helpdesk-who") < first < page.index("methods-heading") < page.index("Text message: Login")
    assert "/admin/mfa_sms/textmessage/?q=~" in page.replace("%7E", "~")
    assert "q=stu123" not in page
    assert not WHOLE.search(page)


def test_who_may_not_see_messages_sees_no_section(walk: Walk, helpdesk: Account, phone: SmsDevice) -> None:
    queued(phone, status=Status.DELIVERED)
    agent = Agent(walk, helpdesk, "view_account")
    assert "Text message: Login" not in agent.page(phone.user)
    assert "Last text message" not in agent.page(phone.user)


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return sum(not query["sql"].startswith(control) for query in captured.captured_queries)


def test_the_page_takes_a_constant_number_of_queries(
    agent: Agent, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached_value, "MAX_AGE", 3600.0)  # each process reads it once a second
    queued(phone, status=Status.DELIVERED)
    agent.page(phone.user)
    before = statements(lambda: agent.page(phone.user))
    for number in range(5):
        confirmed_phone(phone.user, f"+452612340{number}")
        for _time in range(5):
            queued(phone, status=Status.DELIVERED)
    assert statements(lambda: agent.page(phone.user)) == before
    assert before <= 16  # five of these authenticate the agent, and one is the demo's
    section_alone = statements(lambda: section.make_section(phone.user, methods.devices(phone.user_id)))
    assert section_alone <= 4 + len(list(methods.all_methods()))


def test_an_agent_with_rights_sees_what_can_be_done(agent: Agent, phone: SmsDevice) -> None:
    page = agent.page(phone.user)
    assert "Send a test message" in page
    assert "Show the whole number" in page
