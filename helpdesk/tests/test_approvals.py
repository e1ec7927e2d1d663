"""Actions on the login of staff need a second agent (ASVS 2.3.5)."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import roles
from common.client_info import ClientInfo
from helpdesk import perform
from helpdesk.models import ActionRecord, Approval
from helpdesk.perform import ApprovalRequest
from helpdesk.registry import ActionResult
from helpdesk.tests.people import SAID, act_named, act_page, agent_of, browser_of, do, words
from mfa_sms.tests.races import at_once
from mfa_totp.tests.helpers import app_of
from sign_in import methods
from tests.fixtures import Browser, Outbox
from tests.helpers import picture

LIST = "/admin/helpdesk/approval/"


@pytest.fixture
def asking(lead: Account, sms_outbox: Outbox) -> Browser:
    """The browser of the lead who requests approval."""
    return browser_of(lead, sms_outbox)


@pytest.fixture
def answering(other_lead: Account, sms_outbox: Outbox) -> Browser:
    """The browser of the lead who decides."""
    return browser_of(other_lead, sms_outbox)


@pytest.fixture
def colleague(db: None) -> Account:
    """A staff member who lost their authenticator app. Also a lead, so only the rules can keep them from approving."""
    account = agent_of(roles.LEAD, "col444", first_name="Kaj")
    app_of(account)
    return account


def decide(browser: Browser, answer: str = "approve") -> Any:
    """Decide the newest request."""
    return browser.post(decide_page(), {"answer": answer}, follow=True)


def decide_page() -> str:
    return reverse("admin:helpdesk_decide", args=[Approval.objects.latest("pk").pk])


def has_devices(account: Account) -> bool:
    return methods.standing(account.pk).enrolled


def kinds_of(account: Account) -> list[str]:
    return list(SecurityEvent.objects.filter(account=account).order_by("pk").values_list("kind", flat=True))


def test_asvs_2_3_5_a_reset_of_staff_takes_two_leads(
    asking: Browser, answering: Browser, lead: Account, other_lead: Account, colleague: Account
) -> None:
    assert "Another agent must approve" in words(do(asking, colleague, "reset"))
    assert has_devices(colleague)
    assert kinds_of(colleague) == ["approval_requested"]
    assert "has been saved" in words(decide(answering))
    assert has_devices(colleague)
    do(asking, colleague, "reset")
    assert not has_devices(colleague)
    assert kinds_of(colleague) == ["approval_requested", "approval_decided", "helpdesk_action_performed"]
    approval = Approval.objects.get()
    assert (approval.outcome, approval.asked_by, approval.decided_by) == ("used", lead, other_lead)
    assert ActionRecord.objects.get().agent == lead


def test_asvs_2_3_5_an_approval_works_once(asking: Browser, answering: Browser, colleague: Account) -> None:
    do(asking, colleague, "reset")
    decide(answering)
    do(asking, colleague, "reset")
    app_of(colleague)
    do(asking, colleague, "reset", replaces="on")
    assert has_devices(colleague)
    assert ActionRecord.objects.count() == 1
    assert Approval.objects.filter(outcome="").count() == 1


def test_asvs_2_3_5_asking_again_asks_once(asking: Browser, colleague: Account) -> None:
    do(asking, colleague, "reset")
    do(asking, colleague, "reset")
    assert Approval.objects.count() == 1
    assert kinds_of(colleague) == ["approval_requested"]


def test_asvs_2_3_5_nobody_approves_what_they_asked_for(asking: Browser, colleague: Account) -> None:
    do(asking, colleague, "reset")
    before = picture()
    assert "You cannot answer this" in words(decide(asking))
    assert 'value="approve"' not in words(asking.get(decide_page()))
    assert picture() == before


def test_asvs_2_3_5_the_owner_does_not_approve(asking: Browser, colleague: Account, sms_outbox: Outbox) -> None:
    owner = browser_of(colleague, sms_outbox)
    do(asking, colleague, "reset")
    before = picture()
    assert "You cannot answer this" in words(decide(owner))
    assert picture() == before


def test_asvs_2_3_5_who_may_not_approve_does_not(asking: Browser, desk: Browser, colleague: Account) -> None:
    do(asking, colleague, "reset")
    before = picture()
    assert desk.get(decide_page()).status_code == 403
    assert decide(desk).status_code == 403
    assert picture() == before


def test_asvs_2_3_5_another_lead_cannot_use_the_approval(
    asking: Browser, answering: Browser, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    decide(answering)
    do(answering, colleague, "reset")
    assert has_devices(colleague)


def test_asvs_2_3_5_an_approval_is_over_after_an_hour(
    asking: Browser, answering: Browser, colleague: Account, time_machine: TimeMachineFixture
) -> None:
    do(asking, colleague, "reset")
    decide(answering)
    Approval.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    do(asking, colleague, "reset")
    assert has_devices(colleague)
    assert "Expired" in words(asking.get(LIST))


def test_asvs_2_3_5_a_request_is_over_after_an_hour(
    asking: Browser, answering: Browser, lead: Account, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    approval = Approval.objects.get()
    assert approval.expires_at - approval.asked_at == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=5))
    Approval.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "You cannot answer this" in words(decide(answering))
    assert Approval.objects.get().outcome == ""


def test_asvs_2_3_5_what_is_refused_is_not_done(asking: Browser, answering: Browser, colleague: Account) -> None:
    do(asking, colleague, "reset")
    decide(answering, "refuse")
    do(asking, colleague, "reset")
    assert has_devices(colleague)
    assert set(Approval.objects.values_list("outcome", flat=True)) == {"refused", ""}


def test_asvs_2_3_5_an_answer_that_is_none_changes_nothing(
    asking: Browser, answering: Browser, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    before = picture()
    assert decide(answering, "used").status_code == 200
    assert picture() == before


def test_asvs_2_3_5_an_account_that_is_deactivated_meanwhile_is_left_alone(
    asking: Browser, answering: Browser, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    decide(answering)
    Account.objects.filter(pk=colleague.pk).update(is_active=False)
    assert do(asking, colleague, "reset").status_code == 403
    assert has_devices(colleague)


def test_asvs_2_3_5_who_lost_the_permission_meanwhile_does_it_no_longer(
    asking: Browser, answering: Browser, lead: Account, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    decide(answering)
    lead.groups.set(Group.objects.filter(name=roles.HELPDESK))
    assert do(asking, colleague, "reset").status_code == 403
    assert has_devices(colleague)


def test_asvs_2_3_5_what_is_approved_for_one_device_is_for_no_other(
    asking: Browser, answering: Browser, colleague: Account
) -> None:
    old, new = app_of(colleague), app_of(colleague)
    do(asking, colleague, "remove-device", device=old.persistent_id)
    assert "Authenticator app" in words(answering.get(decide_page()))
    decide(answering)
    do(asking, colleague, "remove-device", device=new.persistent_id)
    assert type(new).objects.filter(pk=new.pk).exists()
    do(asking, colleague, "remove-device", device=old.persistent_id)
    assert not type(old).objects.filter(pk=old.pk).exists()
    assert type(new).objects.filter(pk=new.pk).exists()


def test_asvs_2_3_5_what_is_recorded_is_what_was_approved(
    asking: Browser, answering: Browser, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    decide(answering)
    do(asking, colleague, "reset", proof="in_person", document="passport", case_number="INC-9999")
    record = ActionRecord.objects.get()
    assert (record.proof, record.case_number) == ("mitid", "INC-1042")


def test_a_student_needs_no_second_agent(desk: Browser, student: Account) -> None:
    do(desk, student, "reset")
    assert ActionRecord.objects.get().account == student
    assert not Approval.objects.exists()


def test_the_list_shows_what_waits_first_with_the_way_to_the_answer(
    asking: Browser, answering: Browser, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    waiting = Approval.objects.get()
    decided = Approval.objects.create(
        action="reset", account=colleague, asked_by=waiting.asked_by, expires_at=waiting.expires_at, outcome="refused"
    )
    page = words(answering.get(LIST))
    positions = [page.index(f"{LIST}{approval.pk}/change/") for approval in (waiting, decided)]
    assert positions == sorted(positions)
    assert decide_page().replace(str(decided.pk), str(waiting.pk)) in page
    with override("en"):
        verb = str(act_named("reset").verb)
    for shown in ("lea222", "col444", verb):
        assert shown in page


def test_who_may_ask_sees_what_they_asked_for_alone(
    asking: Browser, lead: Account, other_lead: Account, colleague: Account
) -> None:
    do(asking, colleague, "reset")
    foreign = Approval.objects.create(
        action="reset", account=colleague, asked_by=other_lead, expires_at=timezone.now() + timedelta(hours=1)
    )
    lead.groups.clear()
    lead.user_permissions.set(Permission.objects.filter(codename__in=["act_on_staff_accounts", "reset_account"]))
    page = words(asking.get(LIST))
    own = Approval.objects.exclude(pk=foreign.pk).get()
    assert f"{LIST}{own.pk}/change/" in page
    assert f"{LIST}{foreign.pk}/change/" not in page
    assert asking.get(f"{LIST}{foreign.pk}/change/").status_code == 302
    assert asking.get(reverse("admin:helpdesk_decide", args=[foreign.pk])).status_code == 403
    assert asking.get(reverse("admin:helpdesk_decide", args=[own.pk])).status_code == 200


def test_the_page_of_the_act_says_how_far_it_is(asking: Browser, answering: Browser, colleague: Account) -> None:
    assert "another agent must approve it first" in words(asking.get(act_page(colleague, "reset")))
    do(asking, colleague, "reset")
    assert "You have asked for approval" in words(asking.get(act_page(colleague, "reset")))
    decide(answering)
    page = words(asking.get(act_page(colleague, "reset")))
    assert "Approved by lea333" in page
    assert "INC-1042" in page


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_asvs_2_3_5_of_two_answers_at_once_one_wins() -> None:
    lead, first, second = (agent_of(roles.LEAD, f"lea{number}00") for number in (1, 2, 3))
    account = agent_of("", "col444")
    for _turn in range(10):
        asked = perform.perform_action(lead, act_named("reset"), account, dict(SAID), ClientInfo())
        assert isinstance(asked, ApprovalRequest)
        answers = [(first, Approval.Outcome.APPROVED), (second, Approval.Outcome.REFUSED)]
        won = at_once([partial(perform.decide, who, asked.approval, said, ClientInfo()) for who, said in answers])
        assert sorted(won, key=bool) == [False, True]
        approval = Approval.objects.get(pk=asked.approval.pk)
        assert (approval.decided_by, approval.outcome) == answers[won.index(True)]
        Approval.objects.all().delete()
    assert SecurityEvent.objects.filter(kind="approval_decided").count() == 10


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_asvs_2_3_5_of_two_uses_of_an_approval_at_once_one_is_done() -> None:
    lead, other = agent_of(roles.LEAD, "lea100"), agent_of(roles.LEAD, "lea200")
    account = agent_of("", "col444")
    asked = perform.perform_action(lead, act_named("reset"), account, dict(SAID), ClientInfo())
    assert isinstance(asked, ApprovalRequest)
    assert perform.decide(other, asked.approval, Approval.Outcome.APPROVED, ClientInfo())
    done = at_once([partial(perform.perform_action, lead, act_named("reset"), account, dict(SAID), ClientInfo())] * 2)
    assert sorted(type(answer).__name__ for answer in done) == [ActionResult.__name__, ApprovalRequest.__name__]
    assert ActionRecord.objects.count() == 1
