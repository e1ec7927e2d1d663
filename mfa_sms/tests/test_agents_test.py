"""An agent sends a test message: to a confirmed number, through one gateway, without a code."""

import pytest
from django.test import TestCase
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms import checks, delivery, gsm, notifier, texts
from mfa_sms.gateways import GatewayFault
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.agents import WHOLE, Agent, acted, traces
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import html
from notices import own_notices
from notices.models import Notice
from tests.fixtures import Outbox, Walk, confirmed_phone


@pytest.fixture
def agent(walk: Walk, helpdesk: Account) -> Agent:
    return Agent(walk, helpdesk)


def test_it_goes_through_the_chosen_gateway_alone(
    agent: Agent, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FakeGateway("first"), FakeGateway("second")
    use(monkeypatch, first, second)
    response = agent.does("send-test-message", phone.user, device=phone.pk, gateway="second")
    assert response.redirect_chain[-1][0] == f"/admin/accounts/account/{phone.user_id}/change/"
    assert [len(first.sent), len(second.sent)] == [0, 1]
    assert second.sent[0].to == "+4526123478"
    assert "Test message" in html(response)
    message = TextMessage.objects.get()
    assert (message.purpose, message.notice, message.challenge, message.gateway) == ("notice", "test", None, "second")


def test_no_other_gateway_takes_the_place_of_one_that_fails(
    agent: Agent, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FakeGateway("first"), failing("second", GatewayFault.REJECTED)
    use(monkeypatch, first, second)
    agent.does("send-test-message", phone.user, device=phone.pk, gateway="second")
    assert not first.sent
    assert TextMessage.objects.get().status == TextMessage.Status.REJECTED


def test_one_that_waits_is_tried_again_through_the_same_gateway(
    agent: Agent, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FakeGateway("first"), failing("second", GatewayFault.UNAVAILABLE)
    use(monkeypatch, first, second)
    agent.does("send-test-message", phone.user, device=phone.pk, gateway="second")
    delivery.deliver(TextMessage.objects.get().pk)
    assert [len(first.sent), len(second.sent)] == [0, 2]


def test_it_is_one_event_without_the_number_and_without_a_mail(agent: Agent, phone: SmsDevice) -> None:
    agent.does("send-test-message", phone.user, device=phone.pk, gateway="file")
    assert acted() == [("send-test-message", "INC1234 · +45 •• •• •• 78 file")]
    assert not WHOLE.search(traces())
    assert not Notice.objects.exists()


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_text_is_one_message_without_a_code(language: str) -> None:
    text = texts.compose_test(language)
    measure = gsm.measure(text)
    assert (measure.gsm7, measure.parts) == (True, 1)
    assert "35 32 32 32" in text
    assert "#" not in text
    assert "http" not in text


@pytest.mark.parametrize(("text", "found"), [("”", "mfa_sms.E004"), ("a" * 161, "mfa_sms.E005")])
def test_a_system_check_covers_the_text(monkeypatch: pytest.MonkeyPatch, text: str, found: str) -> None:
    monkeypatch.setattr(texts, "compose_test", lambda language: text)
    assert [message.id for message in checks.texts_fit() if message.id == found] == [found] * 2


def test_past_the_limit_of_tests_none_is_sent(agent: Agent, phone: SmsDevice, settings: Settings) -> None:
    settings.SMS_TESTS_PER_DAY = 0
    response = agent.does("send-test-message", phone.user, device=phone.pk, gateway="file")
    assert "you cannot send a test" in html(response)
    assert not TextMessage.objects.filter(notice="test").exists()
    assert acted() == []


def test_tests_do_not_silence_the_notices(
    agent: Agent, phone: SmsDevice, settings: Settings, sms_outbox: Outbox
) -> None:
    settings.SMS_TESTS_PER_DAY = settings.SMS_NOTICES_PER_DAY = 2
    for _time in range(3):
        agent.does("send-test-message", phone.user, device=phone.pk, gateway="file")
    assert TextMessage.objects.filter(notice="test").count() == 2
    before = len(sms_outbox.messages)
    with TestCase.captureOnCommitCallbacks(execute=True):
        notifier.send_notice(phone, own_notices.DEVICE_REMOVED)
    assert len(sms_outbox.messages) == before + 1


def test_only_a_confirmed_number_of_the_account_can_be_chosen(
    agent: Agent, phone: SmsDevice, student_employee: Account
) -> None:
    other = confirmed_phone(student_employee, "+4526123499")
    unconfirmed = SmsDevice.objects.create(user=phone.user, number="+4526123488")
    for device in (other, unconfirmed):
        agent.does("send-test-message", phone.user, device=device.pk, gateway="file")
    assert not TextMessage.objects.exists()


def test_without_the_permission_nothing_is_sent(walk: Walk, helpdesk: Account, phone: SmsDevice) -> None:
    agent = Agent(walk, helpdesk, "view_account")
    assert agent.does("send-test-message", phone.user, device=phone.pk, gateway="file").status_code == 403
    assert not TextMessage.objects.exists()
