"""An access pass at sign-in: it works only for its owner and within its limits, and leads to enrollment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import VERIFY, WRONG, enter, give, in_english
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import SmsDevice
from sign_in import methods, pending
from sign_in.methods import policies
from sign_in.models import MethodPolicy
from tests.fixtures import MakeAccount, Walk
from tests.helpers import is_signed_in, kinds, picture, session_carries_an_account
from tests.interface import in_en

METHODS = "/enroll/methods/"


def test_a_pass_signs_in_and_leads_to_the_choice_of_a_method(
    walk: Walk, phone: SmsDevice, helpdesk: Account, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    code = give(phone.user, helpdesk)
    page = in_english(walk).to_password(phone.user).get("/sign-in/verify/").content.decode()
    device = AccessPass.objects.get()
    assert page.index(f'action="{VERIFY}"') < page.index("/sign-in/verify/send/")  # the phone may be lost
    assert in_en("Use an access pass") in page
    response = walk.browser.post(VERIFY, {"device": device.persistent_id}, follow=True)
    assert response.redirect_chain == [(VERIFY, 302)]
    assert 'name="code"' in response.content.decode()
    assert enter(walk, code)["Location"] == METHODS
    page = walk.get(METHODS).content.decode()
    assert 'value="mfa_sms"' in page
    assert 'value="mfa_totp"' in page
    assert "You are logged in until 11:00." in page
    assert is_signed_in(walk.browser)
    assert kinds()[-3:] == ["password_accepted", "signed_in", "pass_used"]
    used = SecurityEvent.objects.get(kind="pass_used")
    assert (used.account, used.method, used.device_id) == (phone.user, "mfa_pass", device.pk)
    device.refresh_from_db()
    assert device.used_at == device.last_used_at == timezone.now()


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} \t"])
def test_how_the_code_is_written_does_not_matter(
    walk: Walk, student: Account, helpdesk: Account, typed: Callable[[str], str]
) -> None:
    code = give(student, helpdesk)
    walk.to_password(student)
    assert enter(walk, typed(code))["Location"] == METHODS


def test_asvs_6_3_3_who_has_a_pass_alone_is_asked_for_it_and_enrolls_nothing_by_password(
    walk: Walk, student: Account, helpdesk: Account
) -> None:
    code = give(student, helpdesk)
    walk.name(student)
    response = walk.password()
    assert response.redirect_chain[-1][0] == "/sign-in/verify/"
    assert VERIFY in response.content.decode()
    for path in ("/enroll/", METHODS, "/enroll/phone/", "/enroll/app/"):
        assert walk.browser.get(path).status_code == 409
    assert enter(walk, code)["Location"] == METHODS


def test_a_locked_pass_still_guards_while_it_is_alive(walk: Walk, student: Account, helpdesk: Account) -> None:
    give(student, helpdesk)
    METHOD.disable(AccessPass.objects.get())
    walk.name(student)
    assert walk.password().status_code == 403
    assert walk.browser.get("/enroll/").status_code == 403


def test_asvs_6_5_1_a_pass_works_once_in_the_same_and_in_another_session(
    walk: Walk, another_walk: Walk, phone: SmsDevice, helpdesk: Account
) -> None:
    code = give(phone.user, helpdesk)
    another_walk.to_password(phone.user)
    walk.to_password(phone.user)
    assert enter(walk, code)["Location"] == METHODS
    walk.browser.post("/sign-out/")
    walk.to_password(phone.user)
    for person in (walk, another_walk):
        response = in_english(person).browser.post(VERIFY, {"code": code}, follow=True)
        assert response.redirect_chain == [("/sign-in/verify/", 302)]
        assert "The access pass has expired or has been used." in response.content.decode()
        assert f'action="{VERIFY}"' not in response.content.decode()
        assert not session_carries_an_account(person.browser)
    refused = SecurityEvent.objects.latest("pk")
    assert (refused.kind, refused.reason) == ("code_refused", "gone")


def test_a_pass_that_was_given_for_more_works_until_it_expires(
    walk: Walk, student: Account, helpdesk: Account, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    code = give(student, helpdesk, single_use=False)
    for _time in range(3):
        walk.to_password(student)
        assert enter(walk, code)["Location"] == METHODS
        walk.browser.post("/sign-out/")


@pytest.mark.parametrize("single_use", [True, False])
def test_a_pass_expires_to_the_second(
    walk: Walk, student: Account, helpdesk: Account, time_machine: TimeMachineFixture, single_use: bool
) -> None:
    start = datetime.fromisoformat("2026-09-01T08:00:00+00:00")
    time_machine.move_to(start, tick=False)
    code = give(student, helpdesk, timedelta(minutes=10), single_use)
    walk.to_password(student)
    time_machine.move_to(start + timedelta(minutes=10), tick=False)
    before = AccessPass.objects.values().get()
    assert enter(walk, code)["Location"] == "/sign-in/verify/"
    assert AccessPass.objects.values().get() == before
    time_machine.move_to(start + timedelta(minutes=9, seconds=59), tick=False)
    assert enter(walk, code)["Location"] == METHODS


def test_a_used_pass_guards_until_it_expires(walk: Walk, student: Account, helpdesk: Account) -> None:
    give(student, helpdesk)
    AccessPass.objects.update(used_at=timezone.now())
    standing = methods.standing(student.pk)
    assert (standing.guarded, standing.options) == (True, ())
    walk.to_password(student)
    assert walk.get("/enroll/app/").status_code == 403


def test_who_never_had_a_method_enrolls_as_before_once_the_pass_is_over(
    walk: Walk, student: Account, helpdesk: Account
) -> None:
    give(student, helpdesk)
    assert methods.standing(student.pk).guarded
    AccessPass.objects.update(expires_at=timezone.now())
    assert not methods.standing(student.pk).guarded
    walk.name(student)
    assert walk.password().redirect_chain[-1][0] == "/enroll/"


def test_a_pass_counts_as_no_method_of_ones_own(walk: Walk, student: Account, helpdesk: Account) -> None:
    give(student, helpdesk)
    standing = methods.standing(student.pk)
    assert (standing.enrolled, standing.guarded, standing.strength) == (False, True, 0)
    assert [option.method.slug for option in standing.options] == ["mfa_pass"]


def test_a_pass_is_nothing_that_people_make_themselves(walk: Walk, phone: SmsDevice, helpdesk: Account) -> None:
    assert METHOD not in methods.backups(phone.user)
    assert METHOD not in methods.enrollable(phone.user)
    give(phone.user, helpdesk)
    walk.signed_in(phone)
    page = in_english(walk).get("/security-info/").content.decode()
    assert in_en("Access pass") not in page
    assert in_en("Make recovery codes") in page


def test_a_pass_and_recovery_codes_stand_beside_each_other(walk: Walk, phone: SmsDevice, helpdesk: Account) -> None:
    make_codes(phone.user)
    code = give(phone.user, helpdesk)
    options = methods.standing(phone.user.pk).options
    assert {option.method.slug for option in options} == {"mfa_sms", "mfa_pass", "mfa_recovery"}
    walk.to_password(phone.user)
    assert enter(walk, code)["Location"] == METHODS


def test_a_pass_is_no_good_for_another_account(
    walk: Walk, phone: SmsDevice, helpdesk: Account, make_account: MakeAccount
) -> None:
    other = make_account("oth555", is_student=True)
    theirs = give(other, helpdesk)
    give(phone.user, helpdesk)
    walk.to_password(phone.user)
    device = AccessPass.objects.get(user=other)
    assert walk.browser.post(VERIFY, {"device": device.persistent_id})["Location"] == "/sign-in/verify/"
    assert walk.browser.post(VERIFY, {"device": device.persistent_id, "code": theirs}).status_code == 200
    assert not is_signed_in(walk.browser)
    assert AccessPass.objects.get(user=other).failures == 0
    assert AccessPass.objects.get(user=phone.user).failures == 1


def test_a_wrong_code_is_said_and_never_put_back(walk: Walk, student: Account, helpdesk: Account) -> None:
    give(student, helpdesk)
    in_english(walk).to_password(student)
    for typed in (WRONG, "K7F3"):
        page = enter(walk, typed).content.decode()
        assert "<title>Error: " in page
        assert typed not in page
    assert kinds()[-1] == "code_refused"
    assert AccessPass.objects.get().failures == 1  # malformed input does not count as an attempt


def change_password(account: Account) -> None:
    account.set_password("Kastanjer og paraplyer 17")
    account.save()


def deactivate(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)


def raise_epoch(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)


@pytest.mark.parametrize("change", [change_password, deactivate, raise_epoch])
@pytest.mark.parametrize("has_pass", [True, False])
def test_a_sign_in_ends_when_the_account_changes(
    walk: Walk, phone: SmsDevice, helpdesk: Account, change: Any, has_pass: bool
) -> None:
    code = give(phone.user, helpdesk) if has_pass else WRONG
    walk.to_password(phone.user)
    change(phone.user)
    before = picture()
    assert enter(walk, code).status_code == 409
    assert not has_pass or walk.browser.get(VERIFY).status_code == 409
    assert picture() == before
    assert not is_signed_in(walk.browser)


def test_who_may_no_longer_use_a_pass_is_led_back(walk: Walk, phone: SmsDevice, helpdesk: Account) -> None:
    code = give(phone.user, helpdesk)
    walk.to_password(phone.user)
    MethodPolicy.objects.create(method="mfa_pass", students=False, employees=True)
    policies.forget()
    assert enter(walk, code)["Location"] == "/sign-in/verify/"
    assert walk.browser.get(VERIFY)["Location"] == "/sign-in/verify/"
    assert not is_signed_in(walk.browser)


def test_employees_are_led_to_the_one_method_that_they_may_use(
    walk: Walk, employee: Account, helpdesk: Account
) -> None:
    code = give(employee, helpdesk)
    walk.to_password(employee)
    response = walk.browser.post(VERIFY, {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == "/enroll/app/"


def test_asvs_8_4_2_a_pass_does_not_open_the_admin(walk: Walk, administrator: Account, helpdesk: Account) -> None:
    code = give(administrator, helpdesk)
    walk.to_password(administrator)
    enter(walk, code)
    assert is_signed_in(walk.browser)
    assert walk.get("/admin/").status_code == 403


def test_the_interface_of_django_otp_takes_no_code(student: Account, helpdesk: Account) -> None:
    code = give(student, helpdesk)
    assert not AccessPass.objects.get().verify_token(code)
    assert AccessPass.objects.get().used_at is None


def test_a_pass_proves_nothing_without_its_event(
    walk: Walk, student: Account, helpdesk: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = give(student, helpdesk)
    walk.to_password(student)
    before = picture()
    monkeypatch.setattr("mfa_pass.verification.events.pass_used", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        enter(walk, code)
    assert picture() == before
    assert pending.FlowPurpose.ADD not in str(dict(walk.browser.session.items()))


def test_a_get_with_a_code_in_its_address_uses_nothing(walk: Walk, student: Account, helpdesk: Account) -> None:
    code = give(student, helpdesk)
    walk.to_password(student)
    assert walk.browser.get(VERIFY, {"code": code}).status_code == 200
    assert AccessPass.objects.get().used_at is None


def test_after_a_pass_and_a_new_phone_the_user_comes_to_where_the_sign_in_led(
    walk: Walk, phone: SmsDevice, helpdesk: Account
) -> None:
    code = give(phone.user, helpdesk)
    walk.name(phone.user, "/help/")
    walk.password()
    walk.browser.post(walk.journey + VERIFY, {"code": code})
    walk.journey = ""
    walk.number("26 12 34 79")
    walk.enroll_code()
    assert walk.done().redirect_chain == [("/help/", 302)]
