"""Agents find an account by what its owner says on the phone, and reach it from every list."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import account_search
from backoffice.change_list import CappedPaginator
from mfa_sms.models import Challenge, SmsDevice, TextMessage
from mfa_sms.tests.agents import WHOLE, Agent
from mfa_sms.tests.helpers import asked, html, queued
from tests.fixtures import MakeAccount, Walk, confirmed_phone

LISTS = {SmsDevice: "mfa_sms/smsdevice", TextMessage: "mfa_sms/textmessage", Challenge: "mfa_sms/challenge"}


@pytest.fixture
def agent(walk: Walk, helpdesk: Account) -> Agent:
    return Agent(walk, helpdesk)


@pytest.fixture
def others(make_account: MakeAccount) -> list[Account]:
    """Two other accounts that a search could confuse."""
    ida = make_account("ida111", first_name="Ida", last_name="Holm", is_student=True)
    nora = make_account("nor222", first_name="Nora", last_name="Lund", is_student=True)
    confirmed_phone(ida, "+4526129978")
    confirmed_phone(nora, "+4526120000")
    return [ida, nora]


@pytest.mark.parametrize(
    "said",
    ["stu123", "STU123@alumni.ku.dk", "stu123@ku.dk", "Freja Lund", "lund freja", "lund 78", "78 stu"],
)
def test_a_search_that_means_one_account_opens_it(
    agent: Agent, phone: SmsDevice, others: list[Account], said: str
) -> None:
    Account.objects.filter(pk=agent.account.pk).update(first_name="Agent", last_name="Smith")
    response = agent.browser.get("/admin/accounts/account/", {"q": said})
    assert response.status_code == 302
    assert response["Location"] == f"/admin/accounts/account/{phone.user_id}/change/"


@pytest.mark.parametrize(
    ("said", "names"), [("lund", {"stu123", "nor222"}), ("78", {"stu123", "ida111"}), ("xyz", set())]
)
def test_a_search_that_means_several_or_none_lists_them(
    agent: Agent, phone: SmsDevice, others: list[Account], said: str, names: set[str]
) -> None:
    Account.objects.filter(pk=agent.account.pk).update(first_name="Agent", last_name="Smith")
    page = html(agent.browser.get("/admin/accounts/account/", {"q": said}))
    assert {name for name in ("stu123", "ida111", "nor222") if f">{name}</a>" in page} == names


@pytest.mark.parametrize("changed", [str, str.lower])
def test_a_reference_finds_the_account_and_the_events_of_its_request(
    agent: Agent, another_walk: Walk, phone: SmsDevice, others: list[Account], changed: Callable[[str], str]
) -> None:
    Account.objects.filter(pk=agent.account.pk).update(first_name="Agent", last_name="Smith")
    agent.account.user_permissions.add(Permission.objects.get(codename="view_securityevent"))
    another_walk.name(phone.user)
    another_walk.password("wrong")
    reference = SecurityEvent.objects.filter(account=phone.user).latest("pk").reference
    response = agent.browser.get("/admin/accounts/account/", {"q": changed(reference)})
    assert response["Location"] == f"/admin/accounts/account/{phone.user_id}/change/"
    page = html(agent.browser.get("/admin/audit/securityevent/", {"q": changed(reference)}))
    assert reference in page


@pytest.mark.parametrize("said", ["8", "478", "3478", "stu123 478", "26123478", "+4526123478", "4526"])
def test_what_is_masked_cannot_be_told_digit_by_digit(phone: SmsDevice, said: str) -> None:
    """SECURITY: from three digits on, a search would reveal the next digit. A URL must not contain a full number."""
    assert account_search.account_ids(said) == []


def test_a_number_that_was_not_proven_finds_nobody(student: Account) -> None:
    SmsDevice.objects.create(user=student, number="+4526123478")
    assert account_search.account_ids("78") == []


def test_an_empty_search_opens_nobody(agent: Agent) -> None:
    Account.objects.exclude(pk=agent.account.pk).delete()
    assert agent.browser.get("/admin/accounts/account/", {"q": " "}).status_code == 200


def test_what_no_name_can_hold_opens_nobody(agent: Agent, phone: SmsDevice) -> None:
    """PostgreSQL accepts no NUL character."""
    for said in ("\0", "stu123\0", "stu123\0@ku.dk"):
        assert agent.browser.get("/admin/accounts/account/", {"q": said}).status_code == 200


def test_more_words_than_a_name_has_mean_nobody_and_cost_nothing(agent: Agent, phone: SmsDevice) -> None:
    assert phone.user_id in account_search.account_ids(" ".join(["lund"] * 10))
    assert account_search.account_ids(" ".join(["lund"] * 11)) == []
    with CaptureQueriesContext(connection) as captured:
        assert agent.browser.get("/admin/accounts/account/", {"q": "78 " * 1200}).status_code == 200
    assert len(captured.captured_queries) < 60


def test_without_the_permission_a_search_opens_nobody(walk: Walk, helpdesk: Account, phone: SmsDevice) -> None:
    agent = Agent(walk, helpdesk, "view_textmessage")
    assert agent.browser.get("/admin/accounts/account/", {"q": "stu123"}).status_code == 403


@pytest.mark.parametrize("path", LISTS.values())
@pytest.mark.parametrize(
    ("said", "found"),
    [("stu123", True), ("stu123@alumni.ku.dk", True), ("freja 78", True), ("ida", False), ("26123478", False)],
)
def test_the_lists_find_by_account_and_lead_to_it(
    agent: Agent, phone: SmsDevice, others: list[Account], path: str, said: str, found: bool
) -> None:
    asked(phone)
    page = html(agent.browser.get(f"/admin/{path}/", {"q": said}))
    assert (f'<a href="/admin/accounts/account/{phone.user_id}/change/">stu123</a>' in page) is found
    assert said == "26123478" or not WHOLE.search(page)
    assert "the last 2 digits" in page


def test_messages_are_searched_by_their_account_alone(agent: Agent, phone: SmsDevice) -> None:
    asked(phone)
    with CaptureQueriesContext(connection) as captured:
        agent.browser.get("/admin/mfa_sms/textmessage/", {"q": "freja 78"})
    searches = [query["sql"] for query in captured.captured_queries if 'FROM "mfa_sms_textmessage"' in query["sql"]]
    assert searches
    assert not [sql for sql in searches if "LIKE" in sql or "UPPER" in sql]


@pytest.mark.parametrize("model", LISTS)
def test_a_list_has_at_most_eight_columns(model: Any) -> None:
    assert len(admin.site._registry[model].list_display) <= 8


def test_messages_open_on_this_month_and_other_days_can_be_chosen(agent: Agent, phone: SmsDevice) -> None:
    old = queued(phone)
    TextMessage.objects.filter(pk=old.pk).update(created_at="2026-01-15T12:00:00Z")
    link = f'<a href="/admin/accounts/account/{phone.user_id}/change/">'
    assert link not in html(agent.browser.get("/admin/mfa_sms/textmessage/"))
    queued(phone)
    assert link in html(agent.browser.get("/admin/mfa_sms/textmessage/"))
    january = {"created_at__year": "2026", "created_at__month": "1", "created_at__day": "15"}
    page = html(agent.browser.get("/admin/mfa_sms/textmessage/", january))
    assert page.count(link) == 1


def test_a_long_list_is_not_counted_to_its_end(agent: Agent, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CappedPaginator, "MOST", 3)
    for _time in range(5):
        queued(phone)
    with CaptureQueriesContext(connection) as captured:
        response: Any = agent.browser.get("/admin/mfa_sms/textmessage/", {"purpose__exact": "sign_in"})
    assert response.context["cl"].result_count == 3
    counts = [query["sql"] for query in captured.captured_queries if "COUNT(*)" in query["sql"]]
    assert counts
    assert all("LIMIT 4" in sql for sql in counts if "textmessage" in sql)
