"""A recovery code at sign-in: it works once, only for its owner, and the owner is notified."""

from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_recovery.models import RecoveryCode, RecoveryDevice
from mfa_recovery.tests.helpers import PAGE, VERIFY, WRONG, enter, in_english, make_codes, shown
from mfa_sms.models import SmsDevice
from notices.models import Notice
from sign_in.methods import policies
from sign_in.models import MethodPolicy
from tests.fixtures import MakeAccount, Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds, picture

STAY = "/sign-in/stay/"


def test_a_code_signs_in(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    page = walk.to_password(phone.user).get("/sign-in/verify/").content.decode()
    device = RecoveryDevice.objects.get()
    assert page.index("/sign-in/verify/send/") < page.index(f'action="{VERIFY}"')
    response = walk.browser.post(VERIFY, {"device": device.persistent_id}, follow=True)
    assert response.redirect_chain == [(VERIFY, 302)]
    assert 'name="code"' in response.content.decode()
    assert enter(walk, made[0])["Location"] == STAY
    assert is_signed_in(walk.browser)
    assert kinds()[-3:] == ["password_accepted", "signed_in", "recovery_code_used"]
    assert RecoveryCode.objects.filter(used_at=None).count() == 9
    device.refresh_from_db()
    assert device.last_used_at is not None


def test_asvs_6_5_1_a_code_works_once_in_the_same_and_in_another_session(
    walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    made = make_codes(phone.user)
    walk.to_password(phone.user)
    assert enter(walk, made[0])["Location"] == STAY
    for person in (walk, another_walk):
        person.browser.post("/sign-out/")
        person.to_password(phone.user)
        assert enter(person, made[0]).status_code == 200
        assert not is_signed_in(person.browser)
    assert kinds()[-1] == "code_refused"


def test_the_next_page_tells_how_many_codes_are_left(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    for left in (9, 1, 0):
        kept = RecoveryCode.objects.order_by("pk").values_list("pk", flat=True)[: left + 1]
        RecoveryCode.objects.exclude(pk__in=list(kept)).delete()
        in_english(walk).to_password(phone.user)
        response = walk.browser.post(VERIFY, {"code": made[0]}, follow=True)
        said = f"You have {left} recovery code" if left else "That was your last recovery code"
        assert said in response.content.decode()
        assert "no other login method" not in response.content.decode()
        walk.browser.post("/sign-out/")
        RecoveryCode.objects.update(used_at=None)


def test_each_use_tells_the_owner_and_three_left_tells_twice(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    for code in made:
        walk.to_password(phone.user)
        enter(walk, code)
        walk.browser.post("/sign-out/")
    events = SecurityEvent.objects.filter(kind="recovery_code_used").order_by("pk")
    assert [event.detail for event in events] == [str(left) for left in range(9, -1, -1)]
    notices = Notice.objects.filter(kind="recovery_code_used").order_by("pk")
    assert [notice.event for notice in notices] == list(events)
    assert [notice.event.detail for notice in Notice.objects.filter(kind="recovery_codes_low")] == ["3"]


def test_who_has_used_all_codes_is_offered_them_no_more(walk: Walk, phone: SmsDevice) -> None:
    make_codes(phone.user)
    RecoveryCode.objects.update(used_at=timezone.now())
    walk.to_password(phone.user)
    assert VERIFY not in walk.get("/sign-in/verify/").content.decode()
    assert walk.browser.get(VERIFY)["Location"] == "/sign-in/verify/"
    assert enter(walk, WRONG)["Location"] == "/sign-in/verify/"
    assert SecurityEvent.objects.latest("pk").reason == "no_codes"


def test_the_session_of_who_used_the_last_code_lives(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    RecoveryCode.objects.exclude(pk=RecoveryCode.objects.earliest("pk").pk).delete()
    walk.to_password(phone.user)
    enter(walk, made[0])
    walk.stay()
    assert is_signed_in(walk.browser)
    assert walk.get(PAGE).redirect_chain == []


def test_a_code_is_no_good_for_another_account(walk: Walk, phone: SmsDevice, make_account: MakeAccount) -> None:
    other = make_account("oth555", is_student=True)
    theirs = make_codes(other)
    make_codes(phone.user)
    walk.to_password(phone.user)
    device = RecoveryDevice.objects.get(user=other)
    response = walk.browser.post(VERIFY, {"device": device.persistent_id})
    assert response["Location"] == "/sign-in/verify/"
    assert walk.browser.post(VERIFY, {"device": device.persistent_id, "code": theirs[0]}).status_code == 200
    assert not is_signed_in(walk.browser)
    device.refresh_from_db()
    assert device.throttling_failure_count == 0
    assert RecoveryDevice.objects.get(user=phone.user).throttling_failure_count == 1


def test_a_wrong_code_is_said_and_never_put_back(walk: Walk, phone: SmsDevice) -> None:
    make_codes(phone.user)
    walk.to_password(phone.user)
    for typed in (WRONG, "K7F3M"):
        page = enter(walk, typed).content.decode()
        assert "<title>Fejl: " in page
        assert typed not in page
    assert kinds()[-1] == "code_refused"
    assert RecoveryDevice.objects.get().throttling_failure_count == 1  # malformed input does not count as an attempt


def change_password(account: Account) -> None:
    account.set_password("Kastanjer og paraplyer 17")
    account.save()


def deactivate(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)


def raise_epoch(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)


@pytest.mark.parametrize("change", [change_password, deactivate, raise_epoch])
@pytest.mark.parametrize("has_codes", [True, False])
def test_a_sign_in_ends_when_the_account_changes(walk: Walk, phone: SmsDevice, change: Any, has_codes: bool) -> None:
    code = make_codes(phone.user)[0] if has_codes else WRONG
    walk.to_password(phone.user)
    change(phone.user)
    before = picture()
    assert enter(walk, code).status_code == 409
    assert not has_codes or walk.browser.get(VERIFY).status_code == 409
    assert picture() == before
    assert not is_signed_in(walk.browser)


def test_who_may_no_longer_use_codes_is_led_back(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    walk.to_password(phone.user)
    MethodPolicy.objects.create(method="mfa_recovery", students=False, employees=True)
    policies.forget()
    assert enter(walk, made[0])["Location"] == "/sign-in/verify/"
    assert walk.browser.get(VERIFY)["Location"] == "/sign-in/verify/"
    assert not is_signed_in(walk.browser)


def test_employees_use_codes_too(walk: Walk, employee: Account) -> None:
    made = make_codes(employee)
    walk.to_password(employee)
    assert enter(walk, made[0])["Location"] == STAY


def test_asvs_8_4_2_a_recovery_code_does_not_open_the_admin(walk: Walk, administrator: Account) -> None:
    made = make_codes(administrator)
    walk.to_password(administrator)
    enter(walk, made[0])
    assert is_signed_in(walk.browser)
    assert walk.get("/admin/").status_code == 403


def test_the_interface_of_django_otp_takes_no_code(phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    assert not RecoveryDevice.objects.get().verify_token(made[0])
    assert RecoveryCode.objects.filter(used_at=None).count() == 10


def test_a_code_proves_nothing_without_its_event(walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_codes(phone.user)
    walk.to_password(phone.user)
    before = picture()
    monkeypatch.setattr("mfa_recovery.verification.notify.notify_owner", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        enter(walk, made[0])
    assert picture() == before


def test_the_codes_are_on_no_second_page(walk: Walk, phone: SmsDevice) -> None:
    make_codes(phone.user)
    walk.signed_in(confirmed_phone(phone.user, "+4526123479"))
    assert shown(walk.get(PAGE)) == shown(walk.get("/security-info/")) == []
