"""The page that makes codes and shows them once."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_recovery import codes
from mfa_recovery.models import RecoveryCode, RecoveryDevice
from mfa_recovery.tests.helpers import PAGE, VERIFY, enter, in_english, make_codes, press, shown
from mfa_sms.models import SmsDevice
from notices.models import Notice
from sign_in.methods import policies
from sign_in.models import MethodPolicy
from tests.fixtures import Walk
from tests.helpers import kinds, picture
from tests.interface import in_en

DONE = 'class="button" href="{}"'


def test_the_button_makes_ten_codes_and_shows_them(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    assert shown(walk.get(PAGE)) == []
    made = shown(press(walk.browser))
    assert len(set(made)) == 10
    device = RecoveryDevice.objects.get(user=phone.user)
    assert device.confirmed
    kept = list(device.codes.values_list("digest", flat=True))
    assert sorted(sum(codes.matches_secret_code(code, digest) for digest in kept) for code in made) == [1] * 10


def test_the_codes_are_a_list_to_print_and_in_no_cache(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    response = press(walk.browser)
    page = response.content.decode()
    assert response["Cache-Control"] == "no-store, private"
    assert '<ol class="codes">' in page
    assert 'name="language"' not in page  # switching the language would lose the codes
    assert phone.user.username not in page  # a lost sheet must not identify its owner


def test_codes_that_are_made_write_an_event_and_a_notice(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    press(walk.browser)
    event = SecurityEvent.objects.get(kind="recovery_codes_made")
    device = RecoveryDevice.objects.get()
    assert (event.account, event.actor, event.method) == (phone.user, phone.user, "mfa_recovery")
    assert (event.device_id, event.detail, event.reason) == (device.pk, "", "")
    assert list(Notice.objects.values_list("event", "kind")) == [(event.pk, "recovery_codes_made")]


def test_codes_without_their_event_are_not_made(walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    walk.signed_in(phone)
    before = picture()
    monkeypatch.setattr("mfa_recovery.making.notify.notify_owner", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        press(walk.browser)
    assert picture() == before


@pytest.mark.parametrize("data", [{"sheet": "0"}, {}, {"sheet": "x"}, {"sheet": "-1"}, {"sheet": "9" * 30}])
def test_a_reload_makes_nothing_and_shows_nothing(walk: Walk, phone: SmsDevice, data: dict[str, str]) -> None:
    in_english(walk).signed_in(phone)
    press(walk.browser)
    before = picture()
    response = walk.browser.post(PAGE, data, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert shown(response) == []
    assert "shown only once" in response.content.decode()
    assert "You have 10 of 10 codes left." in response.content.decode()
    assert picture() == before
    assert len(shown(press(walk.browser))) == 10


def test_new_codes_kill_the_old_ones(walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    old = make_codes(phone.user)
    walk.signed_in(phone)
    new = shown(press(walk.browser))
    assert not set(old) & set(new)
    assert RecoveryCode.objects.count() == 10
    another_walk.to_password(phone.user)
    assert enter(another_walk, old[0]).status_code == 200
    assert enter(another_walk, new[0])["Location"] == "/sign-in/stay/"


def test_new_codes_open_what_wrong_ones_have_locked(phone: SmsDevice) -> None:
    make_codes(phone.user)
    RecoveryDevice.objects.update(disabled_at=timezone.now(), throttling_failure_count=100)
    device = RecoveryDevice.objects.get()
    make_codes(phone.user)
    again = RecoveryDevice.objects.get()
    assert (again.pk, again.disabled_at, again.throttling_failure_count) == (device.pk, None, 0)


def test_the_page_tells_how_many_codes_are_left(walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    in_english(walk).signed_in(phone)
    assert in_en("You have no recovery codes yet.") in walk.get(PAGE).content.decode()
    made = shown(press(walk.browser))
    another_walk.to_password(phone.user)
    enter(another_walk, made[3])
    assert "You have 9 of 10 codes left." in walk.get(PAGE).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_asvs_7_5_1_codes_need_a_second_factor_of_the_last_twenty_minutes(
    walk: Walk, phone: SmsDevice, method: str
) -> None:
    walk.signed_in(phone)
    before = picture()
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        response: Any = getattr(walk.browser, method)(PAGE, {"sheet": "0"}, follow=True)
        assert response.redirect_chain[-1][0] == "/sign-in/verify/"
        assert picture() == before
        walk.send(phone)
        assert walk.code().redirect_chain[-1][0].partition("?")[0] == PAGE
        assert len(shown(press(walk.browser))) == 10


@pytest.mark.parametrize("method", ["get", "post"])
def test_asvs_6_3_3_a_password_alone_makes_no_codes(walk: Walk, phone: SmsDevice, method: str) -> None:
    walk.to_password(phone.user)
    response: Any = getattr(walk.browser, method)(PAGE, {"sheet": "0"}, follow=True)
    assert response.redirect_chain[-1][0].startswith("/sign-in/?next=")
    assert not RecoveryDevice.objects.exists()


@pytest.mark.parametrize(
    ("asked", "onward"),
    [("", "/security-info/"), ("/help/", "/help/"), ("https://evil.example/", "/security-info/"), ("//x", None)],
)
def test_done_leads_to_a_safe_address(walk: Walk, phone: SmsDevice, asked: str, onward: str | None) -> None:
    walk.signed_in(phone)
    expected = DONE.format(onward or "/security-info/")
    assert expected in press(walk.browser, next=asked).content.decode()
    page = walk.browser.get(PAGE, {"next": asked}).content.decode()
    assert (f'name="next" value="{asked}"' in page) == (asked == onward)


def test_a_switch_of_language_makes_nothing_and_keeps_where_to_go(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    before = picture()
    response = walk.browser.post(PAGE, {"sheet": "0", "next": "/help/", "language": "en"})
    assert 'name="next" value="/help/"' in response.content.decode()
    assert {table: rows for table, rows in picture().items() if table != "accounts.Account"} == {
        table: rows for table, rows in before.items() if table != "accounts.Account"
    }


def test_who_may_not_use_recovery_codes_makes_none(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    MethodPolicy.objects.create(method="mfa_recovery", students=False, employees=True)
    policies.forget()
    for response in (walk.browser.get(PAGE), walk.browser.post(PAGE, {"sheet": "0"})):
        assert response.status_code == 403
        assert DONE.format("/security-info/") in response.content.decode()
    assert not RecoveryDevice.objects.exists()


def test_enrollment_offers_codes_and_leads_to_them_and_then_to_the_service(walk: Walk, student: Account) -> None:
    walk.name(student, "/help/")
    walk.password()
    walk.number()
    page = walk.enroll_code().content.decode()
    assert 'name="backup" value="mfa_recovery"' in page
    walk.browser.post(f"{walk.journey}/enroll/done/", {"backup": "mfa_recovery"})
    short = f"{walk.journey}/"
    walk.send(SmsDevice.objects.get())
    walk.code()
    assert walk.stay().redirect_chain == [(f"{PAGE}?{urlencode({'next': short})}", 302)]
    assert DONE.format(short) in press(walk.browser, next=short).content.decode()
    assert walk.browser.get(short)["Location"] == "/help/"
    assert kinds()[-1] == "recovery_codes_made"


def test_who_has_codes_is_not_offered_them_at_enrollment(walk: Walk, student: Account) -> None:
    make_codes(student)
    SmsDevice.objects.create(user=student, number="+4526123478", confirmed=True)
    walk.to_password(student)
    assert VERIFY in walk.get("/sign-in/verify/").content.decode()
    assert 'name="backup"' not in walk.get("/enroll/done/").content.decode()
