"""After "It was not me" the old password gives no access, and a password alone cannot enroll a method (K2)."""

import pytest

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import cases
from helpdesk.models import Case
from mfa_pass.tests.helpers import enter, give
from mfa_sms.models import SmsDevice
from mfa_totp.tests.helpers import ENROLL
from notices import compromise_reports
from notices import events as notice_events
from sign_in.methods import device_rows
from sign_in.tests.test_password_reset import NEW, ask, link, set_password
from tests.fixtures import Walk
from tests.helpers import session_carries_an_account
from tests.interface import in_da, in_en

CLIENT = ClientInfo(address="192.0.2.7")


def report(account: Account) -> None:
    """Report that the password was used by somebody else."""
    event = notice_events.second_factor_missing(account, "", None)
    assert compromise_reports.report_compromise(event, CLIENT)


def renewed(walk: Walk, account: Account) -> None:
    """Set a new password with the link from an email, and sign in with it."""
    ask(walk)
    set_password(walk, link())
    walk.name(account)
    walk.password(NEW)


def close(account: Account, agent: Account) -> None:
    """Take the open case and close it."""
    case = Case.objects.get(account=account, closed_at=None)
    agent.is_superuser = True
    agent.save()
    assert cases.take_case(agent, case, "", CLIENT)
    assert cases.close_case(agent, case, "", CLIENT)


def test_k2_the_old_password_opens_nothing_not_even_after_the_reset_of_the_guide(walk: Walk, phone: SmsDevice) -> None:
    report(phone.user)
    device_rows.delete_all(phone.user.pk)
    walk.browser.cookies["language"] = "en"
    walk.name(phone.user)
    response = walk.password()
    assert response.status_code == 403
    assert in_en("You must choose a new password") in response.content.decode()
    assert walk.browser.get(ENROLL)["Location"] == "/sign-in/"
    assert not session_carries_an_account(walk.browser)


def test_k2_a_reported_account_that_never_had_a_method_enrolls_nothing_by_a_password(
    walk: Walk, student: Account
) -> None:
    report(student)
    walk.browser.cookies["language"] = "en"
    renewed(walk, student)
    response = walk.get("/sign-in/verify/")
    assert response.status_code == 403
    assert in_en("We are protecting your account") in response.content.decode()
    assert walk.browser.get(ENROLL).status_code == 403
    assert walk.number().status_code == 403


def test_an_access_pass_opens_the_enrollment_of_a_reported_account(
    walk: Walk, student: Account, helpdesk: Account
) -> None:
    report(student)
    code = give(student, helpdesk)
    renewed(walk, student)
    assert enter(walk, code)["Location"] == "/enroll/methods/"
    assert walk.browser.get(ENROLL).status_code == 200


def test_once_the_case_is_closed_an_account_that_never_had_a_method_enrolls_again(
    walk: Walk, student: Account, helpdesk: Account
) -> None:
    report(student)
    close(student, helpdesk)
    student.refresh_from_db()
    assert student.reported_at is None
    assert student.must_renew_since is not None
    renewed(walk, student)
    assert walk.browser.get("/enroll/").status_code == 200


def test_k2_once_the_case_is_closed_an_account_that_had_a_method_still_enrolls_nothing(
    walk: Walk, phone: SmsDevice, helpdesk: Account
) -> None:
    report(phone.user)
    device_rows.delete_all(phone.user.pk)
    close(phone.user, helpdesk)
    renewed(walk, phone.user)
    assert walk.browser.get("/sign-in/verify/").status_code == 403
    assert walk.browser.get(ENROLL).status_code == 403


def test_a_second_open_report_keeps_the_account_reported(student: Account, helpdesk: Account) -> None:
    report(student)
    first = Case.objects.get()
    report(student)
    helpdesk.is_superuser = True
    cases.take_case(helpdesk, first, "", CLIENT)
    assert cases.close_case(helpdesk, first, "", CLIENT)
    student.refresh_from_db()
    assert student.reported_at is not None


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_of_the_report_says_that_the_password_is_stopped(walk: Walk, student: Account, language: str) -> None:
    walk.browser.cookies["language"] = language
    event = notice_events.second_factor_missing(student, "", None)
    address = compromise_reports.report_link(event)
    page = walk.browser.post(address[address.index("/report/") :], follow=True).content.decode()
    assert {"da": in_da("Your old password no longer works."), "en": in_en("Your old password no longer works.")}[
        language
    ] in page
