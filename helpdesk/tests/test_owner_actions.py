"""The reset mail, cases by phone, and accounts that an administrator has deactivated."""

from typing import Any

import pytest
from django.core import mail

from account_import.rows import AccountRow
from account_import.writing import apply
from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import roles
from helpdesk.models import ActionRecord, Approval, Case
from helpdesk.tests.people import SAID, act_named, act_page, agent_of, browser_of, do, words
from mfa_sms.models import SmsDevice, TextMessage
from notices.models import Notice
from sign_in import password_reset
from sign_in.models import PasswordResetRequest
from sign_in.tests.test_password_reset import NEW, link, set_password
from tests.fixtures import Browser, Outbox, Walk
from tests.helpers import is_signed_in, picture

ROW = AccountRow("stu123", "Freja", "Lund", "new@example.org", True, False, "en")


def import_again() -> None:
    apply({"stu123": ROW}, lambda *_progress: None, deactivate_missing=False, force=False)


@pytest.fixture
def office(sms_outbox: Outbox, db: None) -> Browser:
    """The browser of an administrator."""
    return browser_of(agent_of(roles.ADMINISTRATOR, "adm111"), sms_outbox)


def test_an_agent_sends_the_link_to_the_owner_and_never_sees_it(desk: Browser, walk: Walk, student: Account) -> None:
    page = words(do(desk, student, "send-reset-mail"))
    mail.outbox.clear()
    assert password_reset.send_due_resets() == 1
    assert [message.to for message in mail.outbox] == [[student.email]]
    assert link() not in page
    set_password(walk, link(), NEW)
    student.refresh_from_db()
    assert student.check_password(NEW)
    requested = SecurityEvent.objects.get(kind="password_reset_requested")
    assert requested.address is None  # the address of the agent says nothing to the owner


def test_an_agent_cannot_flood_a_mailbox(desk: Browser, student: Account, settings: Any) -> None:
    settings.PASSWORD_RESET_MAILS_PER_HOUR = 1
    do(desk, student, "send-reset-mail")
    password_reset.send_due_resets()
    do(desk, student, "send-reset-mail")
    assert not PasswordResetRequest.objects.exists()
    assert ActionRecord.objects.count() == 1


def test_a_blocked_account_gets_no_link(desk: Browser, student: Account) -> None:
    states.block(student, None)
    do(desk, student, "send-reset-mail")
    assert not PasswordResetRequest.objects.exists()


def test_a_case_by_phone_belongs_to_the_agent_who_opened_it(desk: Browser, agent: Account, student: Account) -> None:
    do(desk, student, "open-case", kind="opened", note="Vil vide, hvem der har logget ind.")
    case = Case.objects.get()
    assert (case.kind, case.taken_by, case.closed_at) == ("opened", agent, None)
    assert case.note == "Vil vide, hvem der har logget ind."
    student.refresh_from_db()
    assert student.must_renew_since is None


def test_k2_a_report_by_phone_ends_the_password_and_all_sessions(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    do(desk, phone.user, "open-case", kind="reported")
    assert not is_signed_in(walk.browser)
    phone.user.refresh_from_db()
    assert phone.user.must_renew_since is not None
    assert phone.user.reported_at is not None


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("block", {"reason": "misuse"}),
        ("require-new-password", {}),
        ("open-case", {"kind": "opened"}),
    ],
)
def test_the_owner_is_told_what_it_support_decided_and_not_asked(
    desk: Browser, phone: SmsDevice, slug: str, said: dict[str, str]
) -> None:
    do(desk, phone.user, slug, **said)
    assert Notice.objects.get(account=phone.user).kind == "helpdesk_decided"
    (message,) = mail.outbox
    assert "/report/" not in str(message.body)
    assert str(act_named(slug).told) in str(message.body)
    assert TextMessage.objects.get(notice="helpdesk_decided").number == phone.number


def test_an_administrator_deactivates_and_no_import_reactivates(office: Browser, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    do(office, phone.user, "deactivate")
    assert not is_signed_in(walk.browser)
    import_again()
    account = Account.objects.get(pk=phone.user.pk)
    assert (account.is_active, account.email) == (False, "new@example.org")
    do(office, account, "reactivate")
    account.refresh_from_db()
    assert (account.is_active, account.deactivated_at) == (True, None)
    import_again()
    account.refresh_from_db()
    assert account.is_active
    assert not is_signed_in(walk.browser)


def test_an_import_still_reactivates_what_an_import_deactivated(student: Account) -> None:
    Account.objects.filter(pk=student.pk).update(is_active=False)
    import_again()
    student.refresh_from_db()
    assert student.is_active


def test_no_agent_and_no_lead_deactivates_or_reactivates(
    desk: Browser, lead: Account, student: Account, sms_outbox: Outbox
) -> None:
    browsers = (desk, browser_of(lead, sms_outbox))
    before = picture()
    for browser in browsers:
        for slug in ("deactivate", "reactivate"):
            assert browser.post(act_page(student, slug), SAID).status_code == 403
    assert picture() == before


def test_an_administrator_does_not_deactivate_staff(office: Browser, lead: Account) -> None:
    assert office.post(act_page(lead, "deactivate"), SAID).status_code == 403
    assert not Approval.objects.exists()


def test_the_owner_can_report_an_action_that_gives_access(desk: Browser, student: Account) -> None:
    do(desk, student, "send-reset-mail")
    states.block(student, None)
    mail.outbox.clear()
    do(desk, student, "unblock")
    (message,) = mail.outbox
    assert "/report/" in str(message.body)
