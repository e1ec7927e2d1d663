"""An agent issues a pass with proof of identity, never to themselves. It is shown once, and the owner is notified."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from helpdesk import perform, registry
from helpdesk.models import ActionRecord, Approval
from mfa_pass import codes, issuing
from mfa_pass.forms import IssueForm
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import SAID, address, agent_signed_in, allow, give, shown
from mfa_sms.models import SmsDevice
from notices import compromise_reports
from notices.models import Notice
from sign_in.methods import policies
from sign_in.models import MethodPolicy
from tests.fixtures import MakeAccount, Walk
from tests.helpers import kinds, picture
from tests.interface import in_en


def test_an_agent_sees_the_code_once_and_the_owner_is_told(
    walk: Walk, helpdesk: Account, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    browser = agent_signed_in(walk, helpdesk)
    assert address(phone.user) in browser.get(f"/admin/accounts/account/{phone.user.pk}/change/").content.decode()
    response = browser.post(address(phone.user), SAID, follow=True)
    code = shown(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert "It works once, until 1 September 2026 at 11:00." in response.content.decode()
    given = AccessPass.objects.get()
    assert codes.matches_secret_code(code, given.digest)
    assert (given.user, given.created_by, given.single_use, given.used_at) == (phone.user, helpdesk, True, None)
    assert given.expires_at == timezone.now() + timedelta(hours=1)
    event = SecurityEvent.objects.get(kind="helpdesk_action_performed")
    assert (event.reason, event.account, event.actor) == ("access-pass", phone.user, helpdesk)
    assert (event.method, event.device_id) == ("mfa_pass", given.pk)
    assert event.detail == "mitid · INC-2048 · 1 hour, works once"
    assert (ActionRecord.objects.get().event, ActionRecord.objects.get().proof) == (event, "mitid")
    assert Notice.objects.get(kind="helpdesk_action_performed").account == phone.user
    for path in (address(phone.user), f"/admin/accounts/account/{phone.user.pk}/change/"):
        page = browser.get(path).content.decode()
        assert code not in page
        assert code.replace("-", "") not in page
        assert given.digest not in page


def test_asvs_6_4_6_an_agent_learns_nothing_but_the_pass(walk: Walk, helpdesk: Account, phone: SmsDevice) -> None:
    browser = agent_signed_in(walk, helpdesk)
    before = (phone.user.password, SmsDevice.objects.values_list().get())
    page = browser.post(address(phone.user), SAID).content.decode()
    assert "26123478" not in page.replace(" ", "")
    assert (Account.objects.get(pk=phone.user.pk).password, SmsDevice.objects.values_list().get()) == before
    assert 'name="password"' not in browser.get(address(phone.user)).content.decode()


@pytest.mark.parametrize("minutes", [10, 60, 240, 480])
def test_the_agent_chooses_how_long_and_whether_more_than_once(
    walk: Walk, helpdesk: Account, student: Account, minutes: int
) -> None:
    browser = agent_signed_in(walk, helpdesk)
    page = browser.get(address(student)).content.decode()
    assert '<option value="60" selected>1 hour</option>' in page
    browser.post(address(student), {**SAID, "life": str(minutes), "more_than_once": "on"})
    given = AccessPass.objects.get()
    assert given.expires_at - given.created_at == timedelta(minutes=minutes)
    assert not given.single_use


@pytest.mark.parametrize("life", ["", "5", "600", "-60", "x"])
def test_a_life_that_is_not_among_the_choices_gives_nothing(
    walk: Walk, helpdesk: Account, student: Account, life: str
) -> None:
    browser = agent_signed_in(walk, helpdesk)
    assert browser.post(address(student), {**SAID, "life": life}).status_code == 200
    assert not AccessPass.objects.exists()


@pytest.mark.parametrize("life", [timedelta(minutes=9), timedelta(hours=8, seconds=1)])
def test_no_caller_gives_a_pass_outside_the_limits(student: Account, helpdesk: Account, life: timedelta) -> None:
    with pytest.raises(ValueError, match="No access pass lives"):
        issuing.issue(helpdesk, student, life, single_use=True)


def test_the_choices_keep_to_the_limits(student: Account, settings: Settings) -> None:
    settings.ACCESS_PASS_LONGEST = timedelta(hours=2)
    form = IssueForm(account=student)
    assert [minutes for minutes, _words in form.fields["life"].choices] == [10, 60]  # type: ignore[attr-defined]


def test_a_new_pass_takes_the_place_of_the_earlier_one(helpdesk: Account, student: Account) -> None:
    old = give(student, helpdesk)
    before = AccessPass.objects.get()
    AccessPass.objects.update(throttling_failure_count=7, used_at=timezone.now())
    new = give(student, helpdesk)
    given = AccessPass.objects.get()
    assert given.pk != before.pk
    assert (given.used_at, given.failures) == (None, 0)
    assert codes.matches_secret_code(new, given.digest)
    assert not codes.matches_secret_code(old, given.digest)


def test_nobody_gives_a_pass_to_themselves(walk: Walk, administrator: Account) -> None:
    browser = agent_signed_in(walk, administrator)
    before = picture()
    assert browser.get(address(administrator)).status_code == 403
    assert browser.post(address(administrator), SAID).status_code == 403
    assert picture() == before


def test_who_lacks_the_permission_gives_no_pass(walk: Walk, helpdesk: Account, student: Account) -> None:
    browser = agent_signed_in(walk, helpdesk)
    helpdesk.user_permissions.clear()
    allow(helpdesk, "reset_account", "view_account")
    assert browser.post(address(student), SAID).status_code == 403
    assert address(student) not in browser.get(f"/admin/accounts/account/{student.pk}/change/").content.decode()
    assert not AccessPass.objects.exists()


def test_asvs_2_3_5_staff_are_given_a_pass_only_once_a_second_agent_agrees(
    walk: Walk, helpdesk: Account, administrator: Account, make_account: MakeAccount
) -> None:
    browser = agent_signed_in(walk, helpdesk)
    assert browser.post(address(administrator), SAID).status_code == 403  # refused without the permission for staff
    allow(helpdesk, "act_on_staff_accounts")
    for _time in range(2):
        assert browser.post(address(administrator), SAID).status_code == 302
    assert not AccessPass.objects.exists()
    lead = make_account("led345", is_employee=True, is_staff=True)
    assert perform.decide(
        allow(lead, "approve_action"), Approval.objects.get(), Approval.Outcome.APPROVED, ClientInfo()
    )
    code = shown(browser.post(address(administrator), SAID))
    assert codes.matches_secret_code(code, AccessPass.objects.get().digest)
    again = {**SAID, "replaces": "on"}
    assert browser.post(address(administrator), again).status_code == 302  # an approval is valid once
    assert codes.matches_secret_code(code, AccessPass.objects.get().digest)


def test_who_may_use_no_pass_is_given_none(walk: Walk, helpdesk: Account, student: Account) -> None:
    browser = agent_signed_in(walk, helpdesk)
    MethodPolicy.objects.create(method="mfa_pass", students=False, employees=True)
    policies.forget()
    assert address(student) not in browser.get(f"/admin/accounts/account/{student.pk}/change/").content.decode()
    assert in_en("This account may not use an access pass.") in browser.post(address(student), SAID).content.decode()
    assert not AccessPass.objects.exists()
    assert "helpdesk_action_performed" not in kinds()


def test_an_owner_who_did_not_ask_for_a_pass_locks_it(walk: Walk, helpdesk: Account, student: Account) -> None:
    browser = agent_signed_in(walk, helpdesk)
    browser.post(address(student), SAID)
    event = SecurityEvent.objects.get(kind="helpdesk_action_performed")
    assert compromise_reports.locks(event)
    assert compromise_reports.report_compromise(event, ClientInfo())
    assert AccessPass.objects.get().disabled_at is not None


def test_an_owner_who_reports_an_act_that_made_nothing_locks_nothing(
    walk: Walk, helpdesk: Account, phone: SmsDevice
) -> None:
    browser = agent_signed_in(walk, helpdesk, "end_sessions")
    browser.post(address(phone.user, "end-sessions"), SAID)
    assert not compromise_reports.locks(SecurityEvent.objects.get(kind="helpdesk_action_performed"))


def test_what_came_of_an_act_keeps_its_secret_out_of_every_log() -> None:
    assert "K7F3" not in repr(registry.ActionResult("Given.", secret="K7F3-92QM"))
