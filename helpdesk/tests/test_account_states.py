"""A blocked account, and an account whose password must be renewed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from time_machine import travel

from account_import.rows import AccountRow
from account_import.writing import apply
from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk.models import ActionRecord
from helpdesk.tests.people import act_page, browser_of, do, words
from mfa_pass.models import AccessPass
from mfa_sms.models import SmsDevice
from notices.models import Notice
from sessions.models import Session
from sign_in.tests.test_password_reset import NEW, ask, link, set_password
from sso.models import LogoutNotice
from sso.tests.oidc.conftest import service  # noqa: F401
from sso.tests.oidc.service import Service
from tests.fixtures import PASSWORD, Browser, MakeAccount, Outbox, Walk
from tests.helpers import is_signed_in, kinds, mask, session_carries_an_account

BLOCK = {"reason": "misuse"}


def test_k5_asvs_7_4_2_a_block_ends_sessions_sign_ins_and_tokens_and_tells_the_services(
    desk: Browser,
    walk: Walk,
    another_walk: Walk,
    phone: SmsDevice,
    service: Service,  # noqa: F811
) -> None:
    service.client.backchannel_logout_uri = "https://mail.example.dk/oidc/logout"
    service.client.save()
    answer = service.tokens(walk.signed_in(phone).browser)
    Session.objects.filter(account=phone.user).delete()  # the grant outlives the row of an idle session
    another_walk.to_password(phone.user)
    do(desk, phone.user, "block", **BLOCK)
    assert not is_signed_in(walk.browser)
    assert another_walk.browser.get("/sign-in/verify/").status_code == 409
    assert service.userinfo(answer["access_token"]).status_code == 401
    assert service.refresh(answer["refresh_token"]).status_code == 400
    assert LogoutNotice.objects.count() == 1


def test_a_block_is_one_event_with_its_reason_one_record_and_one_notice(desk: Browser, student: Account) -> None:
    do(desk, student, "block", **BLOCK, days="7")
    event = SecurityEvent.objects.get(account=student)
    assert (event.kind, event.reason) == ("helpdesk_action_performed", "block")
    assert "misuse" in event.detail
    assert ActionRecord.objects.get().action == "block"
    assert [notice.kind for notice in Notice.objects.filter(account=student)] == ["helpdesk_decided"]
    student.refresh_from_db()
    assert student.blocked_until is not None
    assert abs(student.blocked_until - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


def test_a_block_needs_a_reason(desk: Browser, student: Account) -> None:
    assert "Choose the reason." in words(do(desk, student, "block"))
    student.refresh_from_db()
    assert not states.is_blocked(student)


def test_the_owner_of_a_blocked_account_reads_it_after_the_right_password(walk: Walk, student: Account) -> None:
    states.block(student, None)
    walk.browser.cookies["language"] = "en"
    walk.name(student)
    response = walk.password()
    assert response.status_code == 403
    assert "Your account is blocked" in response.content.decode()
    assert "35\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32" in response.content.decode()
    assert not session_carries_an_account(walk.browser)
    assert kinds() == ["password_refused"]
    assert SecurityEvent.objects.get().reason == "blocked"


def test_asvs_6_3_8_a_stranger_sees_no_difference_between_a_blocked_account_and_a_wrong_password(
    walk: Walk, student: Account, make_account: MakeAccount
) -> None:
    states.block(make_account("blo456", is_student=True), None)
    pages = []
    for name in ("stu123", "blo456"):
        walk.name(f"{name}@alumni.ku.dk")
        response = walk.password("en-forkert-adgangskode")
        pages.append((response.status_code, mask(response, name)))
    assert pages[0] == pages[1]


def test_a_block_ends_by_itself(walk: Walk, student: Account) -> None:
    states.block(student, timezone.now() + timedelta(days=1))
    with travel(timezone.now() + timedelta(days=1, seconds=1)):
        walk.name(student)
        assert walk.password().redirect_chain[-1][0] == "/enroll/"


def test_an_agent_lifts_a_block(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    do(desk, phone.user, "block", **BLOCK)
    do(desk, phone.user, "unblock")
    walk.signed_in(phone)
    assert is_signed_in(walk.browser)


def test_a_blocked_account_gets_no_link_and_no_pass(desk: Browser, walk: Walk, student: Account) -> None:
    states.block(student, None)
    mail.outbox.clear()
    assert "Kig i din mail" in ask(walk).content.decode()
    assert mail.outbox == []
    assert "Lift the block first." in words(do(desk, student, "access-pass", life="60"))
    assert not AccessPass.objects.exists()


def test_a_link_from_before_the_block_sets_no_password(walk: Walk, student: Account) -> None:
    ask(walk)
    path = link()
    form = walk.get(path).redirect_chain[-1][0]
    states.block(student, None)
    for address in (path, form):
        assert "Linket virker ikke længere" in walk.get(address).content.decode()


def test_an_import_neither_lifts_a_block_nor_changes_what_protects_the_account(student: Account) -> None:
    states.block(student, None)
    states.protect(student.pk)
    states.report(student)
    Account.objects.filter(pk=student.pk).update(is_active=False)
    before = Account.objects.filter(pk=student.pk).values("blocked_at", "protected_since", "reported_at")[0]
    row = AccountRow("stu123", "Freja", "Lund", "new@example.org", True, True, "en")
    apply({"stu123": row}, lambda *_progress: None, deactivate_missing=False, force=False)
    student.refresh_from_db()
    assert (student.is_active, student.is_employee) == (True, True)
    assert Account.objects.filter(pk=student.pk).values("blocked_at", "protected_since", "reported_at")[0] == before
    assert student.must_renew_since is not None


def test_the_lifting_of_a_block_of_a_staff_account_needs_a_second_agent(
    sms_outbox: Outbox, lead: Account, other_lead: Account
) -> None:
    browser = browser_of(lead, sms_outbox)
    do(browser, other_lead, "block", **BLOCK)
    other_lead.refresh_from_db()
    assert states.is_blocked(other_lead)
    do(browser, other_lead, "unblock")
    other_lead.refresh_from_db()
    assert states.is_blocked(other_lead)


# The password must be renewed.


def test_k2_a_password_that_must_be_renewed_opens_nothing(desk: Browser, walk: Walk, student: Account) -> None:
    do(desk, student, "require-new-password")
    walk.browser.cookies["language"] = "en"
    walk.name(student)
    response = walk.password()
    assert response.status_code == 403
    assert "You must choose a new password" in response.content.decode()
    assert 'href="/password/forgotten/"' in response.content.decode()
    assert walk.browser.get("/enroll/")["Location"] == "/sign-in/"
    assert SecurityEvent.objects.filter(account=student).latest("pk").reason == "must_renew"


def test_k5_to_require_a_new_password_ends_sessions_and_tokens(
    desk: Browser,
    walk: Walk,
    phone: SmsDevice,
    service: Service,  # noqa: F811
) -> None:
    answer = service.tokens(walk.signed_in(phone).browser)
    do(desk, phone.user, "require-new-password")
    assert not is_signed_in(walk.browser)
    assert service.userinfo(answer["access_token"]).status_code == 401


def test_only_another_password_from_the_mail_ends_it(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    do(desk, phone.user, "require-new-password")
    ask(walk)
    page = set_password(walk, link(), PASSWORD).content.decode()
    assert "Vælg en adgangskode, som ikke er din nuværende" in page
    phone.user.refresh_from_db()
    assert phone.user.must_renew_since is not None
    ask(walk)
    set_password(walk, link(), NEW)
    walk.name(phone.user)
    assert walk.password(NEW).redirect_chain[-1][0] == "/sign-in/verify/"


def test_asvs_6_4_3_a_renewed_password_alone_signs_nobody_in(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    do(desk, phone.user, "require-new-password")
    ask(walk)
    set_password(walk, link(), NEW)
    assert not is_signed_in(walk.browser)


# What agents see.


@pytest.mark.parametrize(
    ("slug", "said", "filtered", "shown"),
    [
        ("block", BLOCK, "blocked", "blocked"),
        ("require-new-password", {}, "must_renew", "password must be renewed"),
    ],
)
def test_agents_find_and_see_the_state(
    desk: Browser, student: Account, employee: Account, slug: str, said: dict[str, str], filtered: str, shown: str
) -> None:
    page = words(do(desk, student, slug, **said))
    assert shown.capitalize() in page
    assert act_page(student, slug) not in page
    listed = words(desk.get("/admin/accounts/account/", {"state": filtered}))
    assert "stu123" in listed
    assert "emp789" not in listed
    assert f">{shown}<" in listed


def test_a_state_that_nobody_knows_filters_nothing(desk: Browser, student: Account) -> None:
    response: Any = desk.get("/admin/accounts/account/", {"state": "nowhere"})
    assert "stu123" in words(response)
