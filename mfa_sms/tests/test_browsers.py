"""Only the browser session that requested a code may enter it, only once, and only for the same purpose."""

from accounts.models import Account
from mfa_sms.models import Challenge, Purpose, SmsDevice
from mfa_sms.tests.helpers import Clock, answer, asked, code_of, html, kinds
from sign_in.verification import Verdict
from tests.fixtures import PASSWORD, Walk, confirmed_phone

STAY = "Vil du forblive logget ind"


def test_another_browser_has_a_code_of_its_own_and_leaves_the_first_alone(
    clock: Clock, walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    clock.forward(31)
    another_walk.to_code(phone)
    first, second = walk.outbox.codes
    assert first != second
    assert STAY in html(another_walk.code(second))
    assert STAY in html(walk.code(first))


def test_asvs_6_6_2_a_code_is_refused_in_the_browser_that_did_not_ask_for_it(
    clock: Clock, walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    clock.forward(31)
    another_walk.to_code(phone)
    first, second = walk.outbox.codes
    assert "Koden er forkert" in html(another_walk.code(first))
    assert "Koden er forkert" in html(walk.code(second))
    assert not kinds(phone.user, "signed_in")


def test_asvs_6_6_2_a_browser_that_asked_for_no_code_is_led_to_where_it_can(
    walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    another_walk.to_password(phone.user)
    response = another_walk.code(walk.outbox.codes[0])
    assert response.redirect_chain == [("/sign-in/verify/", 302)]
    assert not kinds(phone.user, "signed_in")


def test_asvs_6_6_2_a_code_answers_the_purpose_it_was_sent_for_alone(phone: SmsDevice) -> None:
    code = code_of(asked(phone))
    assert answer(phone.user, code, Purpose.STEP_UP).verdict is Verdict.EXPIRED
    assert answer(phone.user, code, Purpose.SIGN_IN).verdict is Verdict.RIGHT


def test_asvs_6_6_2_an_enrollment_code_signs_nobody_in(student: Account) -> None:
    device = SmsDevice.objects.create(user=student, number="+4526123478", confirmed=False)
    code = code_of(asked(device, Purpose.ENROLL))
    assert answer(student, code, Purpose.SIGN_IN).verdict is Verdict.EXPIRED
    assert answer(student, code, Purpose.ENROLL).verdict is Verdict.RIGHT


def test_asvs_6_6_2_a_code_of_another_account_is_refused(phone: SmsDevice, student_employee: Account) -> None:
    student_employee.is_employee = False
    student_employee.save()
    confirmed_phone(student_employee, "+4526123499")
    code = code_of(asked(phone, browser="shared"))
    assert answer(student_employee, code, browser="shared").verdict is Verdict.EXPIRED
    assert answer(phone.user, code, browser="shared").verdict is Verdict.RIGHT


def test_asvs_6_5_1_a_used_code_is_refused_in_the_same_session(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    assert STAY in html(walk.code())
    response = walk.code()
    assert response.status_code == 409
    assert "Du er allerede logget ind" in html(response)
    assert kinds(phone.user, "signed_in") == [("signed_in", "")]


def test_asvs_6_5_1_a_used_code_is_refused_for_the_challenge_that_it_answered(phone: SmsDevice) -> None:
    code = code_of(asked(phone))
    assert [answer(phone.user, code).verdict for _ in range(2)] == [Verdict.RIGHT, Verdict.EXPIRED]
    assert Challenge.objects.get().ended_at is not None


def test_asvs_6_5_1_a_used_code_is_refused_in_another_session(walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    used = walk.outbox.codes[-1]
    another_walk.to_code(phone)
    assert used != walk.outbox.codes[-1]
    assert "Koden er forkert" in html(another_walk.code(used))


def test_a_code_does_not_outlive_the_password_that_asked_for_it(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    phone.user.set_password(f"{PASSWORD}-2")
    phone.user.save()
    response = walk.code()
    assert response.status_code == 409
    assert "Start forfra" in html(response)
    assert not kinds(phone.user, "signed_in")


def test_a_code_is_of_no_use_once_the_account_is_disabled(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    phone.user.is_active = False
    phone.user.save()
    assert walk.code().status_code == 409
    assert not kinds(phone.user, "signed_in")


def test_a_code_is_of_no_use_once_the_phone_is_unconfirmed(phone: SmsDevice) -> None:
    code = code_of(asked(phone))
    phone.confirmed = False
    phone.save()
    assert answer(phone.user, code).verdict is Verdict.EXPIRED
