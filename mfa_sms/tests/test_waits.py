"""The resend gap between two messages."""

import pytest

from accounts.models import Account
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock, html, kinds
from tests.fixtures import Walk

TOO_MANY = "Vi kan ikke sende flere koder lige nu"


def test_waits_are_half_a_minute_then_one_then_two(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    for sent, seconds in enumerate((30, 60, 120, 120), start=1):
        clock.forward(seconds - 1)
        walk.send(phone)
        assert len(walk.outbox.messages) == sent
        clock.forward(2)
        walk.send(phone)
        assert len(walk.outbox.messages) == sent + 1


def test_a_second_click_leads_to_the_code_and_sends_nothing(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    response = walk.send(phone)
    assert response.redirect_chain == [("/sign-in/verify/code/", 302)]
    assert "Vi har allerede sendt koden. Du kan bede om den igen kl. 10.01." in html(response)
    assert len(walk.outbox.messages) == 1
    assert not kinds(phone.user, "code_not_sent")


def test_a_second_click_on_the_same_number_sends_nothing(clock: Clock, walk: Walk, student: Account) -> None:
    walk.to_password(student).number()
    response = walk.number()
    assert response.redirect_chain == [("/enroll/phone/code/", 302)]
    assert len(walk.outbox.messages) == 1
    assert kinds(student, "enrollment_started") == [("enrollment_started", "")]


def test_going_to_and_fro_between_two_numbers_does_not_end_the_wait(clock: Clock, walk: Walk, student: Account) -> None:
    walk.to_password(student).number("26 12 34 78")
    walk.number("26 12 34 79")
    walk.number("26 12 34 78")
    assert [message["to"] for message in walk.outbox.messages].count("+4526123478") == 1


def test_the_wait_holds_in_another_browser(clock: Clock, walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    another_walk.to_password(phone.user)
    response = another_walk.send(phone)
    assert response.status_code == 429
    page = html(response)
    assert TOO_MANY in page
    assert "Prøv igen kl. 10.01." in page
    assert "Koden, du har fået, virker stadig" not in page
    assert len(walk.outbox.messages) == 1


def test_a_right_code_ends_the_wait(clock: Clock, walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    another_walk.to_code(phone)
    assert len(walk.outbox.messages) == 2
    clock.forward(31)
    another_walk.send(phone)
    assert len(walk.outbox.messages) == 3


def test_a_wrong_code_does_not_end_the_wait(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    walk.code("000000" if walk.outbox.codes[-1] != "000000" else "000001")
    walk.send(phone)
    assert len(walk.outbox.messages) == 1


@pytest.mark.parametrize(("pause", "unanswered"), [(30 * 60, 3), (30 * 60 + 1, 1)])
def test_messages_of_half_an_hour_ago_no_longer_lengthen_the_wait(
    clock: Clock, phone: SmsDevice, pause: int, unanswered: int
) -> None:
    phone.count_message()
    clock.forward(31)
    phone.count_message()
    clock.forward(pause)
    phone.count_message()
    assert phone.unanswered_messages == unanswered
    assert phone.get_cooldown_duration() == (30, 60, 120)[unanswered - 1]


def test_a_wait_can_be_ended_by_hand(clock: Clock, phone: SmsDevice) -> None:
    phone.count_message()
    phone.save()
    phone.cooldown_reset()
    assert SmsDevice.objects.get().generate_is_allowed() == (True, None)
