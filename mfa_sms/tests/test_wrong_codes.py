"""Wrong codes end a challenge, then lock the device, then disable it (ASVS 6.6.3)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Account
from mfa_sms.models import Challenge, Purpose, SmsDevice
from mfa_sms.tests.helpers import Clock, answer, asked, code_of, html, kinds, other_than
from sign_in.verification import Verdict
from tests.fixtures import Walk

STAY = "Vil du forblive logget ind"
LOCKED = "Du skal vente, før du kan logge ind"


def wrong(walk: Walk, times: int = 1) -> str:
    page = ""
    for _ in range(times):
        page = html(walk.code(other_than(walk.outbox.codes[-1])))
    return page


def failed(device: SmsDevice, times: int) -> SmsDevice:
    device.throttling_failure_count = times
    device.throttling_failure_timestamp = timezone.now()
    device.save()
    return device


def test_at_sign_in_the_tries_left_are_said_for_the_last_two(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    assert "forsøg tilbage" not in wrong(walk, 2)
    assert "Koden er forkert. Du har 2 forsøg tilbage." in wrong(walk)
    assert "Koden er forkert. Du har 1 forsøg tilbage." in wrong(walk)
    assert "Du har ikke flere forsøg. Bed om en ny kode kl." in wrong(walk)


def test_at_enrollment_the_tries_left_are_said_each_time(walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    code = other_than(walk.outbox.codes[-1])
    for left in (4, 3, 2, 1):
        assert f"Koden er forkert. Du har {left} forsøg tilbage." in html(walk.enroll_code(code))
    assert "Du har ikke flere forsøg" in html(walk.enroll_code(code))
    assert not SmsDevice.objects.get(user=student).confirmed


def test_a_wrong_code_is_not_put_back_into_the_page(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    assert other_than(walk.outbox.codes[-1]) not in wrong(walk)
    assert "98765" not in html(walk.code("98765"))


@pytest.mark.parametrize(("typed", "said"), [("", "Indtast koden fra sms"), ("12345", "Koden skal være på 6 cifre")])
def test_what_is_no_code_costs_no_try(walk: Walk, phone: SmsDevice, typed: str, said: str) -> None:
    walk.to_code(phone)
    assert said in html(walk.browser.post("/sign-in/verify/code/", {"code": typed}, follow=True))
    assert Challenge.objects.get().failures == 0
    assert SmsDevice.objects.get().throttling_failure_count == 0
    assert not kinds(phone.user, "code_refused")


def test_each_wrong_code_is_one_event(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    wrong(walk, 5)
    assert kinds(phone.user, "code_refused") == [("code_refused", "wrong")] * 4 + [("code_refused", "exhausted")]
    challenge = Challenge.objects.get()
    assert challenge.outcome == Challenge.Outcome.EXHAUSTED
    assert challenge.ended_at is not None


def test_asvs_6_6_3_after_five_wrong_codes_the_right_one_is_refused(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    wrong(walk, 5)
    assert "Koden er udløbet" in html(walk.code())
    assert not kinds(phone.user, "signed_in")


def test_asvs_6_6_3_the_right_code_is_refused_until_the_lock_ends(clock: Clock, phone: SmsDevice) -> None:
    code = code_of(asked(phone))
    failed(phone, 4)
    assert answer(phone.user, other_than(code)).verdict is Verdict.WRONG
    clock.forward(15.9)
    locked = answer(phone.user, code)
    assert locked.verdict is Verdict.LOCKED
    assert locked.until == timezone.now() + timedelta(seconds=0.1)
    clock.forward(0.1)
    assert answer(phone.user, code).verdict is Verdict.RIGHT
    assert ("code_refused", "locked") in kinds(phone.user)


def test_asvs_6_6_3_failures_survive_a_resend(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    wrong(walk, 4)
    clock.forward(31)
    walk.send(phone)
    assert "Du har ikke flere forsøg" in wrong(walk)
    response = walk.send(phone)
    assert response.status_code == 429
    assert LOCKED in html(response)
    assert "Prøv igen kl. 10.01" in html(response)
    assert len(walk.outbox.messages) == 2


def test_n_3_1_3_2_a_resend_resets_no_failure_count(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    wrong(walk, 3)
    clock.forward(31)
    walk.send(phone)
    assert SmsDevice.objects.get().throttling_failure_count == 3
    assert Challenge.objects.get().failures == 3


def test_n_3_1_3_2_neither_a_new_code_nor_another_browser_resets_it(
    clock: Clock, walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    wrong(walk, 4)
    clock.forward(31)
    another_walk.to_code(phone)
    wrong(another_walk)
    clock.forward(15)
    assert LOCKED in html(another_walk.code())
    assert LOCKED in html(walk.code(walk.outbox.codes[0]))


def test_correcting_the_number_resets_no_failure_count(walk: Walk, student: Account) -> None:
    walk.to_password(student).number("26 12 34 78")
    walk.enroll_code(other_than(walk.outbox.codes[-1]))
    walk.number("26 12 34 79")
    assert SmsDevice.objects.get().throttling_failure_count == 1


def test_a_right_code_resets_the_count(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    wrong(walk, 4)
    assert STAY in html(walk.code())
    device = SmsDevice.objects.get()
    assert (device.throttling_failure_count, device.throttling_failure_timestamp) == (0, None)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(4, 0), (5, 16), (6, 32), (7, 64), (8, 128), (9, 256), (10, 512), (11, 900), (12, 900), (99, 900)],
)
def test_the_lock_doubles_up_to_a_quarter_of_an_hour(
    clock: Clock, phone: SmsDevice, failures: int, seconds: int
) -> None:
    allowed, details = failed(phone, failures).verify_is_allowed()
    until = details["locked_until"] if details else timezone.now()
    assert allowed == (seconds == 0)
    assert until - timezone.now() == timedelta(seconds=seconds)


def test_a_locked_device_gets_no_code(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    failed(phone, 12)
    response = walk.send(phone)
    assert response.status_code == 429
    assert "Prøv igen kl. 10.15" in html(response)
    assert walk.outbox.messages == []


def test_asvs_6_6_3_a_hundred_in_a_row_disable_the_device(clock: Clock, phone: SmsDevice) -> None:
    compared = 0
    while (device := SmsDevice.objects.get()).disabled_at is None:
        # After a day every quota and lock has ended. Only the failures in a row remain.
        clock.forward(days=1, seconds=1)
        device.cooldown_reset()
        challenge = asked(device)
        assert answer(phone.user, other_than(code_of(challenge))).verdict in (Verdict.WRONG, Verdict.DISABLED)
        Challenge.objects.filter(pk=challenge.pk).update(outcome=Challenge.Outcome.REPLACED)
        compared += 1
    assert compared == 100
    assert kinds(phone.user, "device_disabled") == [("device_disabled", "")]
    assert len(kinds(phone.user, "code_refused")) == 99


def test_asvs_6_6_3_a_disabled_device_leads_to_it_support_and_never_to_enrollment(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    failed(phone, 99)
    SmsDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))
    walk.code(other_than(walk.outbox.codes[-1]))
    for response in (walk.code(), walk.send(phone), walk.get("/sign-in/verify/")):
        assert response.status_code == 403
        assert "loginmetode er låst" in html(response)
        assert "ring til it-support" in html(response).lower()
    for path in ("/enroll/", "/enroll/methods/", "/enroll/phone/", "/enroll/phone/code/"):
        assert "Du har allerede en loginmetode" in html(walk.get(path))
    assert "Du har allerede en loginmetode" in html(walk.number("26 12 34 79"))
    assert len(walk.outbox.messages) == 1


def test_a_device_that_was_disabled_while_enrolling_gets_no_code_for_any_number(walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    SmsDevice.objects.update(disabled_at=timezone.now())
    for response in (walk.enroll_code(), walk.number("26 12 34 79")):
        assert response.status_code == 403
        assert "loginmetode er låst" in html(response)
    assert len(walk.outbox.messages) == 1


def test_asvs_6_6_3_a_lock_at_enrollment_says_when_to_try_again(clock: Clock, student: Account) -> None:
    device = SmsDevice.objects.create(user=student, number="+4526123478")
    code = code_of(asked(device, Purpose.ENROLL))
    failed(device, 5)
    assert answer(student, code, Purpose.ENROLL).verdict is Verdict.LOCKED
    assert not SmsDevice.objects.get().confirmed


def test_a_code_that_no_longer_works_says_so_in_the_heading_and_leads_to_the_other_methods(
    walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    Challenge.objects.update(outcome=Challenge.Outcome.EXHAUSTED)
    page = html(walk.get("/sign-in/verify/code/"))
    assert f"<h1>{gettext('The code no longer works')}</h1>" in page
    assert 'href="/sign-in/verify/"' in page


def test_the_page_of_a_wait_leads_to_the_other_methods_and_says_when(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    wrong(walk, 6)
    page = walk.browser.post("/sign-in/verify/send/", {"device": phone.persistent_id})
    assert page.status_code == 429
    assert int(page["Retry-After"]) > 0
    assert 'href="/sign-in/verify/"' in html(page)
