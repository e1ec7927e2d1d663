"""An agent may see a full number once, with a reason, and it writes one event."""

import pytest

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import registry
from helpdesk.models import ActionRecord
from helpdesk.registry import ActionRefused
from mfa_sms.models import SmsDevice
from mfa_sms.tests.agents import WHOLE, Agent, acted, traces
from mfa_sms.tests.helpers import html
from notices.models import Notice
from tests.fixtures import Walk


@pytest.fixture
def agent(walk: Walk, helpdesk: Account) -> Agent:
    return Agent(walk, helpdesk)


def test_it_is_shown_once_in_the_answer_itself(agent: Agent, phone: SmsDevice) -> None:
    response = agent.does("full-number", phone.user, device=phone.pk, note="Hears no code")
    assert "+45 26 12 34 78" in html(response)
    assert "no-store" in response["Cache-Control"]
    assert not WHOLE.search(agent.page(phone.user))
    assert not WHOLE.search(html(agent.browser.get(f"/admin/accounts/account/{phone.user_id}/action/full-number/")))


def test_each_look_is_one_event_that_does_not_hold_it(agent: Agent, phone: SmsDevice) -> None:
    for _time in range(2):
        agent.does("full-number", phone.user, device=phone.pk, note="Hears no code")
    assert acted() == [("full-number", "INC1234 · +45 •• •• •• 78")] * 2
    assert ActionRecord.objects.filter(note="Hears no code").count() == 2
    assert not WHOLE.search(traces())
    assert not Notice.objects.exists()


@pytest.mark.parametrize("note", ["", "ring 26 12 34 78", "number: 26123478"])
def test_a_reason_is_needed_and_holds_no_number(agent: Agent, phone: SmsDevice, note: str) -> None:
    page = html(agent.does("full-number", phone.user, device=phone.pk, note=note))
    assert "+45 26 12 34 78" not in page
    assert ("Say why" in page) is not ("Do not write a phone number" in page)
    assert acted() == []


def test_a_number_that_waits_can_be_seen_too(agent: Agent, phone: SmsDevice) -> None:
    waiting = SmsDevice.objects.create(user=phone.user, number="+4526123488")
    assert "+45 26 12 34 88" in html(agent.does("full-number", phone.user, device=waiting.pk, note="A slip?"))


def test_without_the_permission_it_is_not_shown(walk: Walk, helpdesk: Account, phone: SmsDevice) -> None:
    agent = Agent(walk, helpdesk, "view_account", "send_test_message")
    response = agent.does("full-number", phone.user, device=phone.pk, note="Curious")
    assert response.status_code == 403
    assert not WHOLE.search(html(response))
    assert "Show the whole number" not in agent.page(phone.user)


def test_a_number_of_another_account_is_none_of_this_one(
    agent: Agent, phone: SmsDevice, student_employee: Account
) -> None:
    """The rule also applies without the form, which offers only the account's own numbers."""
    action = registry.by_slug("full-number")
    assert action is not None
    with pytest.raises(ActionRefused):
        action.perform(agent.account, student_employee, {"device": str(phone.pk)}, ClientInfo())
