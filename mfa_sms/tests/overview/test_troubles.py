"""Current troubles come first on the admin's first page, with their start and advice for callers."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice import roles
from helpdesk.tests.people import agent_of, browser_of
from mfa_sms import breaker
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.overview.troubles import message_troubles
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import queued
from overview.tests.helpers import PAGE
from tests.fixtures import Outbox

Status = TextMessage.Status


@pytest.fixture(autouse=True)
def _two_gateways(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))


def made(phone: SmsDevice, status: TextMessage.Status, number: int, ago: timedelta = timedelta(minutes=5)) -> None:
    for _time in range(number):
        message = queued(phone, status=status)
        TextMessage.objects.filter(pk=message.pk).update(created_at=timezone.now() - ago)


def test_a_gateway_that_is_out_is_named_with_since_when(phone: SmsDevice) -> None:
    assert not list(message_troubles())
    breaker._open("first", "5 failures in 30 s")
    (trouble,) = message_troubles()
    assert "first" in trouble.said
    assert trouble.since is not None


def test_when_every_gateway_is_out_the_page_says_what_to_tell_callers(sms_outbox: Outbox, phone: SmsDevice) -> None:
    auditor = browser_of(agent_of(roles.AUDITOR, "aud111"), sms_outbox)
    for gateway in ("first", "second"):
        breaker._open(gateway, "5 failures in 30 s")
    (trouble,) = message_troubles()
    page = auditor.get(PAGE).content.decode()
    with translation.override("en"):
        said = _("No text message can be sent: every gateway is out of service.")
    assert said in page
    assert page.index("ov-trouble") < page.index("ov-now")
    assert trouble.tell


def test_codes_that_wait_or_fail_are_counted_with_the_oldest_time(phone: SmsDevice) -> None:
    made(phone, Status.DELIVERED, 6)
    made(phone, Status.QUEUED, 2)
    made(phone, Status.FAILED, 4)
    waiting, failed = message_troubles()
    assert "2" in waiting.said
    assert "4" in failed.said
    assert waiting.since is not None
    assert timezone.now() - waiting.since > timedelta(minutes=4)


def test_a_few_failures_and_those_of_an_hour_ago_are_no_trouble(phone: SmsDevice) -> None:
    made(phone, Status.FAILED, 3)
    made(phone, Status.FAILED, 9, ago=timedelta(hours=1))
    made(phone, Status.QUEUED, 9, ago=timedelta(hours=1))
    assert not list(message_troubles())
