"""The accounts that may enroll a phone, and the uses of an unconfirmed phone (guide, R1, R2; ASVS 6.6.1)."""

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms import delivery
from mfa_sms.method import SmsMethod
from mfa_sms.models import HumanCheck, SmsDevice, TextMessage
from mfa_sms.tests.helpers import html, kinds
from mfa_totp.tests.helpers import app_of
from tests.fixtures import MakeAccount, Walk
from tests.helpers import registered_methods

ENROLLMENT = ("/enroll/phone/", "/enroll/phone/check/", "/enroll/phone/code/")
POSTS = ("/enroll/phone/", "/enroll/phone/check/", "/enroll/phone/send/", "/enroll/phone/code/")
FOR_STUDENTS = "Kun studerende kan bruge sms"
NUMBER = {"country": "DK", "number": "26123478", "code": "123456"}


class Another(SmsMethod):
    slug = "another"
    employees = True


@pytest.fixture(params=["student_employee", "employee", "helpdesk", "student_who_is_staff"])
def no_student(request: pytest.FixtureRequest, make_account: MakeAccount) -> Account:
    if request.param == "student_who_is_staff":
        return make_account("sta888", is_student=True, is_staff=True)
    account: Account = request.getfixturevalue(request.param)
    return account


def test_r1_who_is_no_student_alone_is_refused_on_every_page(walk: Walk, no_student: Account) -> None:
    walk.to_password(no_student)
    for response in (*map(walk.get, ENROLLMENT), *(walk.browser.post(path, NUMBER) for path in POSTS)):
        assert response.status_code == 403
        assert FOR_STUDENTS in html(response)
    assert not SmsDevice.objects.exists()
    assert walk.outbox.messages == []


def test_r1_who_may_use_another_method_is_refused_too(walk: Walk, employee: Account) -> None:
    with registered_methods(Another()):
        response = walk.to_password(employee).number()
    assert response.status_code == 403
    assert not SmsDevice.objects.exists()


def test_r1_beside_an_app_a_phone_of_who_became_an_employee_gets_no_code(walk: Walk, phone: SmsDevice) -> None:
    app_of(phone.user)
    Account.objects.filter(pk=phone.user_id).update(is_employee=True)
    walk.name(f"{phone.user.username}@ku.dk")
    walk.password()
    response = walk.send(phone)
    assert response.status_code == 403
    assert FOR_STUDENTS in html(response)
    assert walk.outbox.messages == []


def test_r1_an_enrollment_ends_once_its_owner_became_an_employee(walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    Account.objects.filter(pk=student.pk).update(is_employee=True)
    assert walk.enroll_code().status_code == 403
    assert kinds(student, "signed_in", "device_enrolled") == []


def test_r1_a_code_signs_nobody_in_once_its_owner_became_an_employee(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    Account.objects.filter(pk=phone.user_id).update(is_employee=True)
    assert walk.code().redirect_chain == [("/enroll/", 302)]
    assert kinds(phone.user, "signed_in", "device_enrolled") == []


def test_r1_a_code_for_a_change_is_refused_once_its_owner_became_an_employee(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    SmsDevice.objects.update(last_generated_timestamp=None)
    session = walk.browser.session
    session["proven"] = {**session["proven"], "at": 0}
    session.save()
    walk.get("/security-info/add/")
    walk.send(phone)
    Account.objects.filter(pk=phone.user_id).update(is_employee=True)
    assert walk.code().status_code == 403
    assert kinds(phone.user, "stepped_up") == []


def test_r2_who_has_a_phone_is_not_enrolled_twice(walk: Walk, phone: SmsDevice) -> None:
    assert walk.to_password(phone.user).get("/enroll/").status_code == 409
    for response in (*map(walk.get, ENROLLMENT), *(walk.browser.post(path, NUMBER) for path in POSTS)):
        assert response.status_code == 409
        assert "Du har allerede en loginmetode" in html(response)
    assert SmsDevice.objects.count() == 1
    assert walk.outbox.messages == []


@pytest.mark.parametrize("path", [*POSTS, "/enroll/done/", "/sign-in/verify/send/", "/sign-in/verify/code/"])
def test_no_page_answers_before_the_password(walk: Walk, student: Account, path: str) -> None:
    walk.name(student)
    response = walk.browser.post(path, NUMBER)
    assert response.status_code == 409
    assert "Start forfra" in html(response)
    assert walk.get(path).redirect_chain[-1][0] == "/sign-in/"


@pytest.mark.parametrize("path", [*POSTS, "/enroll/done/", "/sign-in/verify/send/", "/sign-in/verify/code/"])
def test_who_is_signed_in_is_told_so_on_every_page(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.signed_in(phone)
    response = walk.browser.post(path, NUMBER)
    assert response.status_code == 409
    assert "Du er allerede logget ind" in html(response)
    assert len(walk.outbox.messages) == 1


def test_asvs_6_6_1_an_unconfirmed_number_gets_no_code_for_a_sign_in(walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    device = SmsDevice.objects.get()
    response = walk.send(device)
    assert response.redirect_chain[-1][0] == "/enroll/"
    assert len(walk.outbox.messages) == 1


def test_asvs_6_6_1_the_page_says_what_the_risk_of_sms_is(walk: Walk, student: Account) -> None:
    assert "En sms kan læses af den, der har din mobil" in html(walk.to_password(student).get("/enroll/phone/"))


def test_a_code_cannot_be_asked_for_before_there_is_a_number(walk: Walk, student: Account) -> None:
    walk.to_password(student)
    for path in ("/enroll/phone/send/", "/enroll/phone/check/"):
        assert walk.browser.post(path, follow=True).redirect_chain[-1][0] == "/enroll/phone/"
    assert walk.get("/enroll/phone/code/").redirect_chain[-1][0] == "/enroll/phone/"
    assert not HumanCheck.objects.exists()


def test_the_number_can_be_corrected(walk: Walk, student: Account) -> None:
    page = html(walk.to_password(student).number("26 12 34 78"))
    assert "Ret nummeret" in page
    page = html(walk.number("26 12 34 79"))
    assert "+45 26 12 34 79" in page
    assert "+45 26 12 34 78" not in page
    assert SmsDevice.objects.get().number.as_e164 == "+4526123479"
    assert len(kinds(student, "enrollment_started")) == 2


def test_only_the_browser_that_typed_a_number_sees_it_whole(walk: Walk, another_walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    SmsDevice.objects.update(last_generated_timestamp=None)
    another_walk.to_password(student)
    page = html(another_walk.browser.post("/enroll/phone/send/", follow=True))
    assert "26 12 34 78" not in page


def test_what_was_typed_survives_a_switch_of_language_and_sends_nothing(walk: Walk, student: Account) -> None:
    walk.to_password(student)
    response = walk.browser.post("/enroll/phone/", {"country": "SE", "number": "070 123", "language": "en"})
    page = html(response)
    assert "Phone number" in page
    assert 'value="070 123"' in page
    assert '<option value="SE" selected>Sweden (+46)</option>' in page
    assert not SmsDevice.objects.exists()


def test_after_enrollment_the_done_page_is_shown_for_a_reload_of_the_code_page(walk: Walk, student: Account) -> None:
    walk.enrolled(student)
    assert walk.get("/enroll/phone/code/").redirect_chain[-1][0] == "/enroll/done/"
    assert "Udført" in html(walk.get("/enroll/done/"))


def test_the_done_page_is_for_who_has_just_enrolled(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    response = walk.done()
    assert response.redirect_chain[-1][0] == "/sign-in/verify/"
    assert kinds(phone.user, "signed_in") == []


def test_with_verification_after_enrollment_nobody_is_signed_in_yet(walk: Walk, student: Account) -> None:
    walk.enrolled(student)
    assert "Log nu ind med en ny kode" in html(walk.get("/enroll/done/"))
    assert walk.done().redirect_chain[-1][0] == "/sign-in/verify/"
    assert kinds(student, "signed_in") == []


def test_without_it_the_code_of_the_enrollment_signs_in(walk: Walk, student: Account, settings: Settings) -> None:
    settings.VERIFY_AFTER_ENROLLMENT = False
    walk.enrolled(student)
    assert "Nu gør vi det" not in html(walk.get("/enroll/done/"))
    assert "Vil du forblive logget ind" in html(walk.done())
    assert kinds(student, "signed_in") == [("signed_in", "")]
    assert len(walk.outbox.messages) == 1


def test_without_it_a_phone_that_was_taken_away_meanwhile_signs_nobody_in(
    walk: Walk, student: Account, settings: Settings
) -> None:
    settings.VERIFY_AFTER_ENROLLMENT = False
    walk.enrolled(student)
    SmsDevice.objects.update(confirmed=False)
    assert walk.done().status_code == 409
    SmsDevice.objects.all().delete()
    assert walk.done().status_code == 409
    assert kinds(student, "signed_in") == []


def test_without_it_who_became_an_employee_meanwhile_is_not_signed_in_by_sms(
    walk: Walk, student: Account, settings: Settings
) -> None:
    settings.VERIFY_AFTER_ENROLLMENT = False
    walk.enrolled(student)
    Account.objects.filter(pk=student.pk).update(is_employee=True)
    assert walk.done().status_code == 409
    assert kinds(student, "signed_in") == []


def test_a_number_that_was_not_proven_is_never_confirmed(
    walk: Walk, student: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message to a number that was corrected is not sent: its code would belong to the next number."""
    walk.to_password(student).number("26 12 34 71")
    with monkeypatch.context() as broker:
        broker.setattr("mfa_sms.sending.enqueue_code", lambda message_id: None)
        walk.number("26 12 34 72")
    assert walk.number("26 12 34 73").redirect_chain == [("/enroll/phone/check/", 302)]
    delivery.deliver(TextMessage.objects.latest("pk").pk)
    assert [message["to"] for message in walk.outbox.messages] == ["+4526123471"]
    walk.enroll_code()
    assert not SmsDevice.objects.filter(number="+4526123473", confirmed=True).exists()
