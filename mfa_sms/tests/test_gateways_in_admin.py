"""The gateways in the admin: their status in words, and how an administrator disables one."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk.tests.people import agent_of, browser_of
from mfa_sms import breaker
from mfa_sms.models import Attempt, GatewayState, SmsDevice
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import html, queued
from tests.fixtures import Browser, Outbox
from tests.helpers import picture

LIST = "/admin/mfa_sms/gatewaystate/"
WHY = "Leverandøren melder om driftsstop."


@pytest.fixture(autouse=True)
def _two_gateways(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeGateway("first", wants_receipts=True), FakeGateway("second"))


@pytest.fixture
def boss(db: None) -> Account:
    return agent_of("Administrator", "adm111", first_name="Jonas", last_name="Skov")


@pytest.fixture
def desk(boss: Account, sms_outbox: Outbox) -> Browser:
    return browser_of(boss, sms_outbox)


def page(browser: Browser, path: str = LIST) -> str:
    return html(browser.get(path))


def take_out(browser: Browser, slug: str, **said: str) -> Any:
    return browser.post(f"{LIST}gateway/{slug}/disable/", {"note": WHY, **said}, follow=True)


def put_back(browser: Browser, slug: str) -> Any:
    seen = GatewayState.objects.get(gateway=slug).changed_at.isoformat()
    return browser.post(f"{LIST}gateway/{slug}/enable/", {"seen": seen}, follow=True)


def gateway_events() -> list[tuple[str, str, str, Account | None]]:
    found = SecurityEvent.objects.filter(kind__startswith="gateway").order_by("pk")
    return [(event.kind, event.reason, event.detail, event.actor) for event in found]


def test_every_configured_gateway_is_listed_also_one_that_has_never_rested(desk: Browser) -> None:
    breaker._open("second", "5 failures in a row")
    listed = page(desk)
    assert listed.index(">first</a>") < listed.index("In service") < listed.index(">second</a>")
    assert "Paused automatically after errors, since today at" in listed
    assert "5 faults in a row" in listed


def test_the_last_success_and_the_last_fault_are_said_in_words(desk: Browser, phone: SmsDevice) -> None:
    message = queued(phone)
    for outcome, minutes in (("accepted", 9), ("unavailable", 5), ("refused", 3), ("busy", 1)):
        at = timezone.now() - timedelta(minutes=minutes)
        Attempt.objects.create(message=message, gateway="first", outcome=outcome, started_at=at, ended_at=at)
    first = page(desk, f"{LIST}gateway/first/")
    assert "(9 min. ago)" in first
    assert "(3 min. ago): The number cannot receive SMS" in first
    assert "(1 min. ago)" not in first
    assert page(desk, f"{LIST}gateway/second/").count("None among the last 1000 tries") == 2


def test_of_the_last_hour_it_is_said_how_many_codes_were_delivered(desk: Browser, phone: SmsDevice) -> None:
    for status, minutes in (("delivered", 5), ("delivered", 50), ("undeliverable", 6), ("delivered", 61)):
        queued(phone, status=status, gateway="first", receipt_at=timezone.now() - timedelta(minutes=minutes))
    assert "2 of 3 codes" in page(desk, f"{LIST}gateway/first/")
    assert "The gateway sends no receipts" in page(desk, f"{LIST}gateway/second/")


def test_of_a_gateway_that_reports_nothing_it_is_said(desk: Browser, phone: SmsDevice) -> None:
    for _ in range(2):
        message = queued(phone, status="sent", gateway="first")
        Attempt.objects.create(message=message, gateway="first", outcome="accepted", started_at=timezone.now())
    assert "No receipt for any of 2 codes" in page(desk, f"{LIST}gateway/first/")


def test_taken_out_of_service_says_by_whom_and_why_in_one_event(desk: Browser, boss: Account) -> None:
    taken = html(take_out(desk, "first"))
    assert "Taken out of service by Jonas Skov, today at" in taken
    assert WHY in taken
    assert gateway_events() == [("gateway_out_of_service", "first", WHY, boss)]
    assert breaker.disabled_gateways() == {"first"}


def test_put_back_is_one_event_and_the_gateway_is_tried_again(desk: Browser, boss: Account) -> None:
    take_out(desk, "first")
    assert "In service" in html(put_back(desk, "first"))
    assert [(kind, actor) for kind, _reason, _detail, actor in gateway_events()][1:] == [("gateway_in_service", boss)]
    assert breaker.gateways_out_of_service() == frozenset()


def test_what_the_breaker_rests_can_be_put_back_by_hand(desk: Browser) -> None:
    breaker._open("first", "5 failures in a row")
    put_back(desk, "first")
    assert not GatewayState.objects.get().out_of_service


def test_one_that_has_rested_anew_since_the_page_was_read_is_not_put_back(desk: Browser) -> None:
    breaker._open("first", "5 failures in a row")
    seen = GatewayState.objects.get().changed_at.isoformat()
    take_out(desk, "first")
    said = html(desk.post(f"{LIST}gateway/first/enable/", {"seen": seen}, follow=True))
    assert "Check its current status" in said
    assert breaker.disabled_gateways() == {"first"}


def test_the_second_who_takes_it_out_is_told_so_and_writes_no_event(desk: Browser) -> None:
    take_out(desk, "first")
    assert "The gateway is out of service already." in html(take_out(desk, "first"))
    assert len(gateway_events()) == 1


@pytest.mark.parametrize("note", ["", "Ring til 010190-1234", "Koden var 123 456", "+45 26 12 34 78", "x" * 101])
def test_a_reason_is_needed_and_holds_no_secret(desk: Browser, note: str) -> None:
    before = picture()
    assert "Correct what is marked below." in html(take_out(desk, "first", note=note))
    assert picture() == before


def test_the_last_gateway_is_taken_out_only_by_who_ticks_that_no_message_can_be_sent(desk: Browser) -> None:
    take_out(desk, "first")
    asked = page(desk, f"{LIST}gateway/second/disable/")
    assert "It is the last gateway in service. Without it no text message can be sent" in asked
    assert "Tick the box to confirm" in html(take_out(desk, "second"))
    assert breaker.disabled_gateways() == {"first"}
    take_out(desk, "second", knows="on")
    assert breaker.disabled_gateways() == {"first", "second"}


def test_without_a_fresh_second_factor_it_is_asked_for_first(desk: Browser) -> None:
    session = desk.session
    session["proven"] = {**session["proven"], "at": session["proven"]["at"] - 3600}
    session.save()
    for verb in ("disable", "enable"):
        answer = desk.post(f"{LIST}gateway/first/{verb}/", {"note": WHY, "seen": ""})
        assert answer["Location"] == "/sign-in/verify/", verb
    assert gateway_events() == []


def test_an_agent_reads_the_page_and_is_offered_nothing(sms_outbox: Outbox, db: None) -> None:
    agent = browser_of(agent_of("Helpdesk", "agt111"), sms_outbox)
    assert "Take out of service" not in page(agent, f"{LIST}gateway/first/")
    assert take_out(agent, "first").status_code == 403


def test_the_permission_alone_rests_a_gateway(sms_outbox: Outbox, db: None) -> None:
    agent = agent_of("", "agt111")
    agent.user_permissions.set(Permission.objects.filter(codename="disable_gateway"))
    take_out(browser_of(agent, sms_outbox), "first")
    assert breaker.disabled_gateways() == {"first"}


def test_a_name_that_is_no_gateways_is_not_found(desk: Browser) -> None:
    for path in ("nobody/", "nobody/disable/", "nobody/enable/"):
        assert desk.get(f"{LIST}gateway/{path}").status_code == 404


def test_a_gateway_that_is_no_longer_configured_can_be_put_back_and_not_taken_out(desk: Browser) -> None:
    GatewayState.objects.create(gateway="gone", out_of_service=True, why="5 failures in a row")
    assert desk.get(f"{LIST}gateway/gone/disable/").status_code == 404
    assert "No longer in the settings" in html(put_back(desk, "gone"))
    assert ">gone</a>" not in page(desk)


def test_the_page_of_a_row_is_that_of_its_gateway(desk: Browser) -> None:
    row = GatewayState.objects.create(gateway="first")
    assert "Take out of service" in page(desk, f"{LIST}{row.pk}/change/")
