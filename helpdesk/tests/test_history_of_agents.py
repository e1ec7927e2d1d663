"""The history of an account lists each action of agents once, and each call."""

from django.urls import reverse
from django.utils.translation import override

from accounts.models import Account
from helpdesk import history, panel, timeline
from helpdesk.models import Call
from helpdesk.registry import HistoryEntry
from helpdesk.tests.people import do
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser


def shown(agent: Account, account: Account) -> list[HistoryEntry]:
    with override("en"):
        return panel.account_panel(agent, Account.objects.get(pk=account.pk)).history


def test_an_action_and_its_call_are_told_once_each(desk: Browser, agent: Account, phone: SmsDevice) -> None:
    desk.post(reverse("admin:helpdesk_call", args=[phone.user.pk]), {"do": "begin", "case_number": "INC-1042"})
    do(desk, phone.user, "unlock", note="Called from work.")
    entries = [entry for entry in shown(agent, phone.user) if entry.by]
    assert sum("Called from work." in entry.detail for entry in entries) == 1
    reference = Call.objects.get().reference
    calls = [entry for entry in entries if reference in entry.detail and "INC-1042" in entry.detail]
    assert [entry.by for entry in calls] == [agent.get_full_name()]
    assert sum(reference in entry.detail for entry in entries) == 1


def test_an_action_whose_event_is_older_than_those_shown_is_still_told(desk: Browser, phone: SmsDevice) -> None:
    do(desk, phone.user, "unlock", note="Called from work.")
    with override("en"):
        entries = history.history_of(phone.user, [], (), rows=timeline.account_rows(phone.user, 10))
    assert any("Called from work." in entry.detail for entry in entries)


def test_the_page_of_the_account_shows_the_calls(desk: Browser, phone: SmsDevice) -> None:
    do(desk, phone.user, "unlock")
    page = desk.get(reverse("admin:accounts_account_change", args=[phone.user.pk])).content.decode()
    assert page.count(Call.objects.get().reference) == 2  # the button and the history
