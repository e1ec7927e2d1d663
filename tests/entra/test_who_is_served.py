"""An ineligible user reads the reason, and returns with `access_denied`. A link never moves to another account."""

from collections.abc import Callable

import pytest

from accounts.models import Account
from mfa_pass.tests.helpers import give
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import SmsDevice
from sso.models import PilotMember, Tenant, TenantLink
from tests.entra.conftest import Carrier, answer_of, refused
from tests.entra.standin import AnswerRefused, User
from tests.fixtures import MakeAccount


def _is_denied(carrier: Carrier, user: User, why: str, account: Account | None) -> str:
    location = carrier.post(carrier.entra.ask(user))["Location"]
    page = carrier.browser.get(location)
    assert page.status_code == 403
    text = page.content.decode()
    assert "Tilbage til Microsoft" in text or "Back to Microsoft" in text
    answer = answer_of(carrier.browser.post(location))
    with pytest.raises(AnswerRefused, match="access_denied"):
        carrier.entra.judge(answer)
    assert refused() == [(why, account.pk if account else None)]
    return text


@pytest.mark.parametrize(
    "name", ["nob123@alumni.ku.dk", "stu123@ku.dk", "stu123@example.org", "stu123", "STU123@alumni.ku.dk.evil.dk"]
)
def test_whom_we_do_not_know_is_denied(carrier: Carrier, student: Account, name: str) -> None:
    assert 'href="tel:+4535323232"' in _is_denied(carrier, User(name), "unknown_account", None)
    assert not TenantLink.objects.exists()


@pytest.mark.parametrize(
    "claims", [{"acct": 1}, {"acct": "1"}, {"idp": "https://sts.windows.net/9d8e2a4a-7c4f-4f0e-9f5b-0d7c2a4b6e11/"}]
)
def test_a_guest_is_denied_whatever_the_name(carrier: Carrier, user: User, claims: dict[str, object]) -> None:
    page = carrier.arrive(carrier.entra.ask(user, carrier.entra.hint(user, **claims)))
    assert page.status_code == 403
    assert refused() == [("guest", None)]
    assert not TenantLink.objects.exists()


@pytest.mark.parametrize("claims", [{"acct": 0}, {"idp": "own"}])
def test_a_member_of_the_tenant_is_no_guest(carrier: Carrier, user: User, claims: dict[str, object]) -> None:
    own = f"https://sts.windows.net/{carrier.entra.tenant_id}/"
    said = {name: own if value == "own" else value for name, value in claims.items()}
    carrier.arrive(carrier.entra.ask(user, carrier.entra.hint(user, **said)))
    assert TenantLink.objects.exists()


def test_two_names_of_two_accounts_are_nobodys(carrier: Carrier, student: Account, employee: Account) -> None:
    user = User("stu123@alumni.ku.dk")
    fields = carrier.entra.ask(user, carrier.entra.hint(user, upn="emp789@ku.dk"))
    carrier.arrive(fields)
    assert refused() == [("unknown_account", None)]


def test_the_upn_does_where_there_is_no_other_name(carrier: Carrier, student: Account) -> None:
    user = User("")
    carrier.arrive(carrier.entra.ask(user, carrier.entra.hint(user, upn="STU123@alumni.ku.dk")))
    assert TenantLink.objects.get().account == student


def test_a_closed_account_is_denied(carrier: Carrier, user: User, student: Account) -> None:
    Account.objects.update(is_active=False)
    _is_denied(carrier, user, "account_inactive", student)


def test_a_tenant_that_is_not_in_use_is_denied(carrier: Carrier, user: User, student: Account) -> None:
    Tenant.objects.update(is_enabled=False)
    _is_denied(carrier, user, "tenant_off", student)


def test_an_employee_is_denied_where_students_alone_are_served(carrier: Carrier, employee: Account) -> None:
    _is_denied(carrier, User("emp789@ku.dk"), "affiliation", employee)


def test_who_is_both_is_served_where_either_is(carrier: Carrier, student_employee: Account) -> None:
    carrier.arrive(carrier.entra.ask(User("ste456@ku.dk")))
    assert refused() == []


def test_while_it_is_tried_out_the_pilot_group_alone_is_served(
    carrier: Carrier, user: User, tenant: Tenant, phone: SmsDevice
) -> None:
    Tenant.objects.update(is_pilot=True)
    _is_denied(carrier, user, "not_pilot", phone.user)
    PilotMember.objects.create(tenant=tenant, account=phone.user)
    carrier.arrive(carrier.entra.ask(user))
    assert carrier.back(carrier.by_sms(phone)) == user


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"is_enabled": False}, "tenant_off"), ({"students": False}, "affiliation"), ({"is_pilot": True}, "not_pilot")],
)
def test_who_is_no_longer_served_when_the_proof_is_made_is_denied(
    carrier: Carrier, user: User, phone: SmsDevice, changed: dict[str, bool], why: str
) -> None:
    carrier.arrive(carrier.entra.ask(user))
    carrier.walk.send(phone)
    Tenant.objects.update(**changed)
    with pytest.raises(AnswerRefused, match="access_denied"):
        carrier.back(carrier.walk.code())
    assert refused() == [(why, phone.user_id)]


def test_a_second_user_of_the_same_name_does_not_take_the_account(
    carrier: Carrier, make_carrier: Callable[[], Carrier], user: User, phone: SmsDevice
) -> None:
    carrier.arrive(carrier.entra.ask(user))
    _is_denied(make_carrier(), User(user.name), "link_taken", phone.user)
    assert TenantLink.objects.get().object_id == user.oid


def test_a_link_is_not_moved_by_another_name(
    carrier: Carrier, make_account: MakeAccount, user: User, student: Account
) -> None:
    other = make_account("oth999", is_student=True)
    carrier.arrive(carrier.entra.ask(user))
    carrier.arrive(carrier.entra.ask(User(str(other.account_name), user.oid)))
    assert TenantLink.objects.get().account == student


def test_who_has_only_recovery_codes_reads_what_to_do(carrier: Carrier, user: User, student: Account) -> None:
    make_codes(student)
    carrier.browser.cookies["language"] = "en"
    assert "You need another login method" in _is_denied(carrier, user, "no_method", student)


def test_who_has_only_an_access_pass_reads_what_to_do(
    carrier: Carrier, user: User, student: Account, helpdesk: Account
) -> None:
    give(student, helpdesk)
    _is_denied(carrier, user, "no_method", student)


def test_whose_phone_is_locked_reads_what_to_do(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    location = carrier.post(carrier.entra.ask(user))["Location"]
    carrier.browser.get(location)
    SmsDevice.objects.update(disabled_at="2026-01-01T00:00Z")
    page = carrier.browser.get("/sign-in/verify/")
    assert page.status_code == 403
    assert location in page.content.decode()
    assert carrier.browser.get(location).status_code == 403


def test_a_recovery_code_is_neither_offered_nor_taken(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    codes = make_codes(phone.user)
    page = carrier.arrive(carrier.entra.ask(user))
    assert "/sign-in/verify/recovery" not in page.content.decode()
    page = carrier.browser.post("/sign-in/verify/recovery-code/", {"code": codes[0]}, follow=True)
    assert 'id="answer"' not in page.content.decode()
