"""The list of cases: open ones, the agent's own, and closed ones."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice.change_list import CappedPaginator
from helpdesk.models import Case
from tests.fixtures import Browser

CASES = "/admin/helpdesk/case/"


def opened(account: Account, **fields: Any) -> Case:
    event = SecurityEvent.objects.create(kind="reported", account=account)
    return Case.objects.create(kind="reported", account=account, event=event, **fields)


@pytest.mark.parametrize(("status", "shown"), [("open", {0, 1}), ("mine", {1}), ("closed", {2}), ("", {0, 1, 2})])
def test_cases_are_filtered_by_who_works_on_them(
    desk: Browser, agent: Account, student: Account, status: str, shown: set[int]
) -> None:
    cases = [
        opened(student),
        opened(student, taken_by=agent),
        opened(student, taken_by=agent, closed_by=agent, closed_at=timezone.now()),
    ]
    page: Any = desk.get(CASES, {"standing": status} if status else {})
    assert set(page.context["cl"].result_list) == {cases[number] for number in shown}
    said = page.content.decode()
    assert ("Taken by agt111" in said) == (1 in shown)
    assert ("Closed by agt111" in said) == (2 in shown)


def test_a_list_that_is_longer_than_what_is_counted_says_so(
    desk: Browser, student: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CappedPaginator, "MOST", 2)
    for _time in range(2):
        opened(student)
    assert "more than" not in desk.get(CASES).content.decode()
    opened(student)
    assert desk.get(CASES).content.decode().count("more than 2") >= 1


def test_the_first_page_shows_open_cases_the_agents_own_first(desk: Browser, agent: Account, student: Account) -> None:
    others = opened(student)
    own = opened(student, taken_by=agent)
    opened(student, closed_at=timezone.now(), closed_by=agent)
    page = desk.get("/admin/overview/").content.decode()
    assert page.count(f"{CASES}{others.pk}/change/") == 1
    assert page.index(f"{CASES}{own.pk}/change/") < page.index(f"{CASES}{others.pk}/change/")
