"""Helpdesk actions, compromise reports by owners, and approvals by a second agent affect each other."""

from typing import Any

import pytest
from django.core.signing import dumps

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk.models import Approval, Case
from helpdesk.tests.people import act_page, agent_of, browser_of, do
from mfa_pass.models import AccessPass
from mfa_sms.models import SmsDevice
from mfa_totp.tests.helpers import app_of
from notices import compromise_reports
from tests.fixtures import Browser, Outbox, Walk

NUMBER = {"country": "DK", "number": "26 12 34 78"}


@pytest.fixture
def desk(db: None, sms_outbox: Outbox) -> Browser:
    """Return the browser of a signed-in helpdesk agent."""
    return browser_of(agent_of("Helpdesk", "agt111"), sms_outbox)


def report(event: SecurityEvent) -> None:
    """Submit a compromise report as the owner, with the link from the mail."""
    response: Any = Browser().post(f"/report/{dumps(event.pk, salt=compromise_reports._SALT)}/", follow=True)
    assert response.status_code == 200


def test_while_a_registered_number_waits_a_password_enrolls_nothing_else(
    desk: Browser, walk: Walk, student: Account
) -> None:
    do(desk, student, "register-number", **NUMBER)
    walk.to_password(student)
    assert walk.get("/enroll/app/").status_code == 403
    assert walk.get("/enroll/methods/").redirect_chain[-1][0] == "/enroll/phone/"


def test_a_registered_number_that_the_owner_reports_takes_no_code(desk: Browser, walk: Walk, student: Account) -> None:
    do(desk, student, "register-number", **NUMBER)
    report(SecurityEvent.objects.get(kind="helpdesk_action_performed"))
    assert SmsDevice.objects.get().disabled_at is not None
    walk.to_password(student)
    walk.browser.post("/enroll/phone/send/")
    assert not [message for message in walk.outbox.messages if "@" in message["text"]]


def test_unlocking_does_not_undo_what_the_owner_has_reported(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    app = app_of(phone.user)
    event = SecurityEvent.objects.create(
        kind="device_enrolled", account=phone.user, method="mfa_totp", device_id=app.pk
    )
    report(event)
    SmsDevice.objects.update(throttling_failure_count=7)
    do(desk, phone.user, "unlock")
    app.refresh_from_db()
    phone.refresh_from_db()
    assert app.is_disabled
    assert phone.throttling_failure_count == 0
    assert Case.objects.get().closed_at is None


def test_asvs_2_3_5_an_approval_is_for_just_what_was_asked(sms_outbox: Outbox, helpdesk: Account) -> None:
    lead, other = agent_of("Helpdesk lead", "led111"), agent_of("Helpdesk lead", "led222")
    asking, deciding = browser_of(lead, sms_outbox), browser_of(other, sms_outbox)
    do(asking, helpdesk, "access-pass", life="10")
    approval = Approval.objects.get()
    page = deciding.get(f"/admin/accounts/account/approval/{approval.pk}/").content.decode()
    assert "10 minut" in page
    deciding.post(f"/admin/accounts/account/approval/{approval.pk}/", {"answer": "approve"})
    do(asking, helpdesk, "access-pass", life="480", more_than_once="on")
    assert not AccessPass.objects.exists()
    do(asking, helpdesk, "access-pass", life="10")
    assert AccessPass.objects.get().single_use


@pytest.mark.parametrize("note", ["ring 26 12 34 78", "pas K7F3-92QM", "1-2-3-4-5-6", "kode 123.456"])
def test_a_note_keeps_no_number_and_no_secret(desk: Browser, phone: SmsDevice, note: str) -> None:
    response = do(desk, phone.user, "end-sessions", note=note)
    assert act_page(phone.user, "end-sessions") == response.request["PATH_INFO"]
    assert not SecurityEvent.objects.filter(kind="helpdesk_action_performed").exists()
