"""The page of an account shows whether its owner can log in, what is wrong and why, and the history, newest first."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from campaigns.tests.campaigns import campaign
from helpdesk import panel, registry
from helpdesk.account_admin import AccountAdmin
from helpdesk.account_status import Level
from helpdesk.models import ActionRecord
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import queued
from mfa_totp.tests.helpers import app_of
from sign_in.methods import throttling
from tests.fixtures import Browser, MakeAccount, confirmed_phone


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def path_of(account: Account, page: str = "change") -> str:
    return f"/admin/accounts/account/{account.pk}/{page}/"


def seen(agent: Account, account: Account) -> panel.Panel:
    return panel.account_panel(agent, Account.objects.get(pk=account.pk))


def test_a_usual_account_stands_well(agent: Account, phone: SmsDevice) -> None:
    status = seen(agent, phone.user).status
    assert (status.level, status.words, status.wrong) == (Level.WELL, _("Enrolled: can log in"), ())


def test_each_state_in_which_nobody_can_log_in_is_bad_and_says_why(agent: Account, phone: SmsDevice) -> None:
    account = phone.user
    throttling.disable(phone)
    assert seen(agent, account).status.words == _("Cannot log in: needs an access pass")
    states.require_new_password(account)
    assert seen(agent, account).status.words == _("Cannot log in: the password must be renewed")
    states.block(account, timezone.now() + timedelta(days=1))
    status = seen(agent, account).status
    assert (status.level, status.words) == (Level.BAD, _("Cannot log in: blocked"))
    assert len(status.wrong) == 3


def test_a_student_who_becomes_an_employee_is_explained(agent: Account, student_employee: Account) -> None:
    confirmed_phone(student_employee)
    found = seen(agent, student_employee)
    assert found.status.level is Level.WARNING
    (why,) = found.wrong
    assert "because the student is also an employee" in why
    assert "authenticator app" in why
    assert found.troubles == []


def test_who_it_is_stands_at_the_top(desk: Browser, student: Account) -> None:
    campaign(name="Autumn 2026")
    page = desk.get(path_of(student)).content.decode()
    top = page[page.index("helpdesk-who") : page.index("history-heading")]
    for words in ("stu123@alumni.ku.dk", "stu123@example.org", _("student"), "Autumn 2026", _("Danish")):
        assert words in top


def test_messages_changes_and_notes_are_one_history_newest_first_and_can_be_filtered(
    agent: Account, phone: SmsDevice
) -> None:
    account, now = phone.user, timezone.now()
    queued(phone, created_at=now - timedelta(minutes=2))
    SecurityEvent.objects.create(kind="password_changed", account=account, at=now - timedelta(minutes=3))
    event = SecurityEvent.objects.create(
        kind="helpdesk_action_performed", reason="unlock", account=account, actor=agent, at=now - timedelta(minutes=1)
    )
    done = {"action": "unlock", "case_number": "INC-1", "note": "Calls again at two"}
    ActionRecord.objects.create(account=account, agent=agent, event=event, **done)
    entries = panel.account_panel(agent, account).history
    assert [entry.group for entry in entries] == ["actions", "messages", "changes"]
    assert "Calls again at two" in entries[0].detail
    assert [entry.group for entry in panel.account_panel(agent, account, "messages").history] == ["messages"]
    assert len(panel.account_panel(agent, account, "nonsense").history) == 3


def test_what_agents_do_most_often_comes_first_and_every_button_says_what_the_owner_sees(
    desk: Browser, agent: Account, phone: SmsDevice
) -> None:
    actions = seen(agent, phone.user).actions
    assert [action.place for action in actions] == sorted(action.place for action in actions)
    assert actions[0] == registry.by_slug("unlock")
    page = desk.get(path_of(phone.user)).content.decode()
    assert all(str(action.seen) in page for action in actions)


def test_the_page_reads_its_own_part_again_without_using_the_session(desk: Browser, student: Account) -> None:
    page = desk.get(path_of(student)).content.decode()
    assert f'data-url="{path_of(student, "panel")}?show="' in page
    part = desk.get(path_of(student, "panel"))
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert "csrfmiddlewaretoken" not in part.content.decode()
    view: Any = part.resolver_match.func
    assert view.in_background


def test_the_part_is_for_who_may_see_accounts(agent: Account, desk: Browser, student: Account) -> None:
    agent.groups.clear()
    assert desk.get(path_of(student, "panel")).status_code == 403
    assert desk.get("/admin/accounts/account/999999/panel/").status_code in (403, 404)


def test_the_account_of_the_page_is_read_with_its_campaign_in_one_query(
    agent: Account, student: Account, employee: Account, make_account: MakeAccount, rf: Any
) -> None:
    listed = make_account("lis111", is_student=True)
    campaign(name="Students", audience="students")
    row = campaign(name="Listed", audience="listed")
    row.members.create(account=employee)
    admin_of_accounts, request = AccountAdmin(Account, site), rf.get("/")
    request.user, names = agent, {}
    for account in (student, employee, listed):
        found = admin_of_accounts.get_object(request, str(account.pk))
        names[account.username] = getattr(found, "campaign_name", None)
    assert names == {"stu123": "Students", "emp789": "Listed", "lis111": "Students"}


def test_a_device_of_a_locked_account_is_named_with_its_time(agent: Account, student: Account) -> None:
    app = app_of(student)
    throttling.disable(app)
    (row,) = seen(agent, student).rows
    assert row.is_bad
    assert row.standing == _("Locked after too many wrong codes, or reported by the user")
