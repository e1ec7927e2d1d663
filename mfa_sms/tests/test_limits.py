"""Budgets of codes: five in half an hour and ten in a day, apart for enrollment, sign-in and known browsers."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Account
from limits import catalogue, counting
from limits.limit import Limit
from mfa_sms.models import Purpose, SmsDevice
from mfa_sms.sending import Queued
from mfa_sms.tests.helpers import Clock, ask, html, kinds
from sign_in import known_browsers
from tests.fixtures import NUMBER, MakeAccount, Outbox, Walk, confirmed_phone

TOO_MANY = "Vi kan ikke sende flere koder lige nu"
STILL_WORKS = "Koden, du har fået, virker stadig."


def walks(outbox: Outbox, times: int) -> Iterator[Walk]:
    """Return the given number of new browsers."""
    return (Walk(outbox) for _ in range(times))


def sign_in_often(outbox: Outbox, device: SmsDevice, times: int) -> None:
    for walk in walks(outbox, times):
        walk.signed_in(device)


def used(limit: Limit, account: Account, times: int) -> None:
    for _ in range(times):
        counting.take(limit, str(account.pk), account_id=account.pk)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The ids of the accounts that have signed in with every browser of the test before."""
    accounts: set[int] = set()
    monkeypatch.setattr(known_browsers, "is_known", lambda _request, account: account.pk in accounts)
    return accounts


def test_the_sixth_message_in_half_an_hour_is_refused_also_after_right_codes(
    clock: Clock, walk: Walk, phone: SmsDevice
) -> None:
    sign_in_often(walk.outbox, phone, 5)
    walk.to_password(phone.user)
    response = walk.send(phone)
    assert response.status_code == 429
    assert response["Retry-After"] == "1800"
    assert TOO_MANY in html(response)
    assert "Prøv igen kl. 10.30." in html(response)
    assert STILL_WORKS not in html(response)
    assert len(walk.outbox.messages) == 5
    assert kinds(phone.user, "limit_reached") == [("limit_reached", "sms_sign_in_half_hour")]


def test_the_sixth_message_is_sent_when_half_an_hour_is_over(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    sign_in_often(walk.outbox, phone, 5)
    clock.forward(minutes=30, seconds=-1)
    walk.to_password(phone.user)
    walk.send(phone)
    assert len(walk.outbox.messages) == 5
    clock.forward(1)
    walk.send(phone)
    assert len(walk.outbox.messages) == 6


def test_the_sixth_unanswered_message_is_refused_with_a_way_back_to_the_code(
    clock: Clock, walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    for seconds in (31, 61, 121, 121):
        clock.forward(seconds)
        walk.send(phone)
    clock.forward(121)
    page = html(walk.send(phone))
    assert TOO_MANY in page
    assert STILL_WORKS in page
    assert "Indtast koden" in page
    assert "Vil du forblive logget ind" in html(walk.code())


def test_the_eleventh_message_of_a_day_is_refused_and_the_page_says_that_the_next_is_tomorrow(
    clock: Clock, walk: Walk, phone: SmsDevice
) -> None:
    used(catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY, phone.user, 10)
    clock.forward(hours=10)
    walk.to_password(phone.user)
    response = walk.send(phone)
    assert response.status_code == 429
    assert "Prøv igen i morgen kl. 10.00." in html(response)
    assert walk.outbox.messages == []
    assert kinds(phone.user, "limit_reached") == [("limit_reached", "sms_sign_in_day")]
    clock.forward(hours=14)
    Walk(walk.outbox).to_code(phone)
    assert len(walk.outbox.messages) == 1


def test_an_account_with_several_numbers_has_one_limit(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    second = confirmed_phone(phone.user, "+4526123499")
    sign_in_often(walk.outbox, phone, 3)
    sign_in_often(walk.outbox, second, 2)
    walk.to_password(phone.user)
    assert walk.send(second).status_code == 429
    assert walk.send(phone).status_code == 429


def test_k1_two_accounts_that_share_a_number_have_a_limit_each(
    clock: Clock, walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    sister = confirmed_phone(make_account("sis111", is_student=True))
    sign_in_often(walk.outbox, phone, 5)
    sign_in_often(walk.outbox, sister, 5)
    assert len(walk.outbox.messages) == 10


def test_k1_strangers_who_enroll_a_students_number_delay_none_of_the_students_sign_ins(
    clock: Clock, walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    for name in ("thf111", "thf222"):
        stranger = Walk(walk.outbox).to_password(make_account(name, is_student=True))
        for _ in range(10):
            stranger.number()
            clock.forward(minutes=3)
    assert len(walk.outbox.messages) >= 10
    sent = len(walk.outbox.messages)
    walk.to_password(phone.user)
    assert walk.send(phone).status_code == 200
    assert len(walk.outbox.messages) == sent + 1


def test_strangers_who_enroll_a_number_do_not_keep_its_owner_from_enrolling_it(
    clock: Clock, walk: Walk, student: Account, make_account: MakeAccount
) -> None:
    for name in ("thf111", "thf222"):
        stranger = Walk(walk.outbox).to_password(make_account(name, is_student=True))
        for _ in range(5):
            stranger.number()
            clock.forward(minutes=2, seconds=1)
    clock.forward(minutes=10)
    assert walk.to_password(student).number().status_code == 200
    assert walk.outbox.messages[-1]["to"] == NUMBER
    assert "Telefonen er nu registreret" in html(walk.enroll_code())


def test_messages_of_an_enrollment_leave_the_sign_in_its_own_five(
    clock: Clock, walk: Walk, phone: SmsDevice, student: Account
) -> None:
    used(catalogue.SMS_ENROLL_OF_ACCOUNT_PER_HALF_HOUR, student, 5)
    sign_in_often(walk.outbox, phone, 5)
    assert len(walk.outbox.messages) == 5


def test_k1_a_thief_of_the_password_leaves_the_owners_browser_its_own_budget(
    clock: Clock, walk: Walk, phone: SmsDevice, known: set[int]
) -> None:
    used(catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY, phone.user, 10)
    assert walk.to_password(phone.user).send(phone).status_code == 429
    known.add(phone.user.pk)
    sign_in_often(walk.outbox, phone, 5)
    assert len(walk.outbox.messages) == 5
    assert Walk(walk.outbox).to_password(phone.user).send(phone).status_code == 429


def test_unlocking_the_account_lifts_all_of_its_limits(
    clock: Clock, walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    other = make_account("oth222", is_student=True)
    for limit in (catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY, catalogue.SMS_ENROLL_OF_ACCOUNT_PER_DAY):
        used(limit, phone.user, 10)
        used(limit, other, 10)
    counting.lift(phone.user.pk)
    walk.to_password(phone.user)
    assert walk.send(phone).status_code == 200
    assert counting.take(catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY, str(other.pk)) is not None


def test_the_limit_of_another_number_and_account_is_its_own(
    clock: Clock, walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    sign_in_often(walk.outbox, phone, 5)
    other = confirmed_phone(make_account("oth222", is_student=True), "+4526123499")
    walk.to_code(other)
    assert len(walk.outbox.messages) == 6


def test_correcting_the_number_does_not_reset_the_limit(clock: Clock, walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    used(catalogue.SMS_ENROLL_OF_ACCOUNT_PER_HALF_HOUR, student, 4)
    response = walk.number("26 12 34 79")
    assert response.status_code == 429
    assert len(walk.outbox.messages) == 1


def test_codes_of_django_otps_own_interface_use_the_budget_of_unknown_browsers(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    used(catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_HALF_HOUR, phone.user, 5)
    assert "ikke sende en kode" in phone.generate_challenge()
    assert sms_outbox.messages == []


def test_a_confirmation_of_a_change_uses_the_budget_of_known_browsers(clock: Clock, phone: SmsDevice) -> None:
    used(catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_HALF_HOUR, phone.user, 5)
    assert isinstance(ask(phone, Purpose.STEP_UP), Queued)


def test_a_number_is_on_three_accounts_at_most(walk: Walk, student: Account, make_account: MakeAccount) -> None:
    for name in ("one111", "two222", "thr333"):
        device = confirmed_phone(make_account(name, is_student=True))
    response = walk.to_password(student).number()
    assert response.status_code == 422
    page = html(response)
    assert "Vi kan ikke sende koder til dette nummer" in page
    assert "thr333" not in page
    assert walk.outbox.messages == []
    assert kinds(student, "code_not_sent") == [("code_not_sent", "shared")]
    device.delete()
    walk.number()
    assert len(walk.outbox.messages) == 1


def test_an_account_that_is_being_enrolled_counts_while_its_code_lives(
    clock: Clock, walk: Walk, student: Account, make_account: MakeAccount
) -> None:
    for name in ("one111", "two222"):
        confirmed_phone(make_account(name, is_student=True))
    Walk(walk.outbox).to_password(make_account("thr333", is_student=True)).number()
    assert walk.to_password(student).number().status_code == 422
    clock.forward(minutes=10)
    walk.number()
    assert len(walk.outbox.messages) == 2


def test_a_shared_number_that_is_confirmed_keeps_working(
    walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    for name in ("one111", "two222", "thr333"):
        confirmed_phone(make_account(name, is_student=True))
    walk.signed_in(phone)
    assert kinds(phone.user, "signed_in") == [("signed_in", "")]


def test_a_limit_of_numbers_offers_the_app_to_an_account_that_may_use_it(
    clock: Clock, walk: Walk, student: Account, settings: Settings
) -> None:
    settings.SMS_ENROLL_PER_HALF_HOUR = 1
    walk.to_password(student).number()
    clock.forward(minutes=11)
    page = html(walk.number("26 12 34 79"))
    assert 'href="/enroll/app/"' in page


def test_hundreds_of_accounts_do_not_flood_a_phone_with_their_first_messages(
    clock: Clock, make_account: MakeAccount, sms_outbox: Outbox, settings: Settings
) -> None:
    settings.SMS_ENROLL_FIRST_PER_DAY = 12
    for number in range(15):
        Walk(sms_outbox).to_password(make_account(f"abc{number:03}", is_student=True)).number()
        clock.forward(minutes=11)
    assert len(sms_outbox.messages) == 12
