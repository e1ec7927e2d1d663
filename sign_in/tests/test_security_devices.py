"""Owners manage their devices: remove, change, rename, choose the preferred one."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.models import Challenge, SmsDevice
from sessions import events as session_events
from sign_in.methods import events
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds, picture
from tests.interface import in_da


@pytest.fixture
def second(phone: SmsDevice) -> SmsDevice:
    """Return the student's second phone."""
    return confirmed_phone(phone.user, "+4526123499")


def act(walk: Walk, device: SmsDevice, what: str, **data: str) -> Any:
    return walk.browser.post(f"/security-info/mfa_sms/{device.pk}/{what}/", data, follow=True)


def test_a_device_is_removed_with_its_event(walk: Walk, phone: SmsDevice, second: SmsDevice) -> None:
    walk.signed_in(phone)
    response = act(walk, second, "remove")
    assert response.redirect_chain[-1][0] == "/security-info/changed/"
    assert list(SmsDevice.objects.all()) == [phone]
    event = SecurityEvent.objects.get(kind=events.DEVICE_REMOVED)
    assert (event.account, event.actor, event.device_id, event.detail) == (
        phone.user,
        phone.user,
        second.pk,
        "+45 •• •• •• 99",
    )


def test_the_session_goes_on_after_the_device_it_stands_on_is_removed(
    walk: Walk, phone: SmsDevice, second: SmsDevice
) -> None:
    walk.signed_in(phone)
    act(walk, phone, "remove")
    assert is_signed_in(walk.browser)
    assert walk.get("/security-info/add/").status_code == 200


def test_the_last_device_cannot_be_removed(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    assert in_da("Remove") not in walk.get("/security-info/").content.decode()
    before = picture()
    for response in (walk.get(f"/security-info/mfa_sms/{phone.pk}/remove/"), act(walk, phone, "remove")):
        assert response.status_code == 409
    assert picture() == before


def test_a_device_is_not_removed_where_the_other_one_is_locked(walk: Walk, phone: SmsDevice, second: SmsDevice) -> None:
    walk.signed_in(phone)
    SmsDevice.objects.filter(pk=second.pk).update(disabled_at="2026-01-01T00:00Z")
    assert act(walk, phone, "remove").status_code == 409
    assert SmsDevice.objects.count() == 2


def test_removing_twice_says_that_it_is_gone(walk: Walk, phone: SmsDevice, second: SmsDevice) -> None:
    walk.signed_in(phone)
    act(walk, second, "remove")
    assert act(walk, second, "remove").status_code == 404
    assert kinds().count(events.DEVICE_REMOVED) == 1


@pytest.mark.parametrize("what", ["remove", "change", "first", "name"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_accounts_device_is_no_device(
    walk: Walk, phone: SmsDevice, second: SmsDevice, make_account: Callable[..., Account], what: str, method: str
) -> None:
    other = confirmed_phone(make_account("stu999", is_student=True), "+4526123400")
    walk.signed_in(phone)
    before = picture()
    call = walk.browser.get if method == "get" else walk.browser.post
    assert call(f"/security-info/mfa_sms/{other.pk}/{what}/", {"name": "x"}).status_code == 404
    assert picture() == before


@pytest.mark.parametrize("path", ["/security-info/nonsense/1/remove/", "/security-info/mfa_sms/99999999999999/name/"])
def test_a_device_that_never_was_is_no_fault(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.signed_in(phone)
    assert walk.get(path).status_code == 404


def test_asvs_6_5_6_the_open_challenges_of_a_removed_phone_die(
    walk: Walk, another_walk: Walk, phone: SmsDevice, second: SmsDevice
) -> None:
    another_walk.to_code(second)
    code = another_walk.outbox.codes[-1]
    walk.signed_in(phone)
    act(walk, second, "remove")
    assert not Challenge.objects.filter(outcome="").exists()
    another_walk.code(code)
    assert not is_signed_in(another_walk.browser)
    page = another_walk.get("/sign-in/verify/").content.decode()
    assert "•• 78" in page
    assert "•• 99" not in page


def test_asvs_7_4_3_after_a_removal_all_other_sessions_can_be_ended(
    walk: Walk, another_walk: Walk, phone: SmsDevice, second: SmsDevice
) -> None:
    another_walk.signed_in(second)
    walk.signed_in(phone)
    page = act(walk, second, "remove").content.decode()
    assert 'action="/security-info/sessions/end-others/"' in page
    walk.browser.post("/security-info/sessions/end-others/")
    assert is_signed_in(walk.browser)
    assert not is_signed_in(another_walk.browser)
    assert kinds()[-1] == session_events.SESSIONS_ENDED


def test_the_device_used_last_stands_first_at_the_sign_in(walk: Walk, phone: SmsDevice, second: SmsDevice) -> None:
    walk.signed_in(second)
    walk.browser.post("/sign-out/")
    walk.name(phone.user)
    first, others = walk.password().content.decode().split("<details>")
    assert second.persistent_id in first
    assert phone.persistent_id in others


def test_the_device_that_was_chosen_stands_first_whatever_was_used_last(
    walk: Walk, phone: SmsDevice, second: SmsDevice
) -> None:
    walk.signed_in(second)
    act(walk, phone, "first")
    assert kinds()[-1] == events.DEVICE_PREFERRED
    walk.browser.post("/sign-out/")
    walk.name(phone.user)
    first, others = walk.password().content.decode().split("<details>")
    assert phone.persistent_id in first
    assert second.persistent_id in others


def test_a_device_gets_a_name(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    page = act(walk, phone, "name", name="  Arbejds\u00a0 mobilen <b> ").content.decode()
    assert "Arbejds mobilen &lt;b&gt;" in page
    assert kinds()[-1] == events.DEVICE_RENAMED
    act(walk, phone, "name", name="")
    phone.refresh_from_db()
    assert phone.name == ""


def test_a_name_that_is_too_long_is_shown_again_with_the_reason(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    page = act(walk, phone, "name", name="x" * 41).content.decode()
    assert "error-summary" in page
    assert "x" * 41 in page
    phone.refresh_from_db()
    assert phone.name == ""


def test_changing_the_number_keeps_the_old_one_until_the_new_one_is_proven(
    walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.signed_in(phone)
    assert act(walk, phone, "change").redirect_chain[-1][0] == "/enroll/phone/"
    walk.number("26 12 34 99")
    another_walk.signed_in(phone)
    assert is_signed_in(another_walk.browser)
    response = walk.enroll_code(
        next(m for m in reversed(walk.outbox.messages) if m["to"] == "+4526123499")["text"][-6:]
    )
    assert response.redirect_chain[-1][0] == "/enroll/done/"
    device = SmsDevice.objects.get()
    assert device.number.as_e164 == "+4526123499"
    event = SecurityEvent.objects.get(kind=events.DEVICE_CHANGED)
    assert (event.device_id, event.detail) == (device.pk, "+45 •• •• •• 78")
    assert walk.done().redirect_chain[-1][0] == "/security-info/changed/"
    assert is_signed_in(walk.browser)


def test_a_changed_device_keeps_its_place_as_the_first(walk: Walk, phone: SmsDevice, second: SmsDevice) -> None:
    walk.signed_in(phone)
    act(walk, phone, "first")
    act(walk, phone, "change")
    walk.number("26 12 34 55")
    walk.enroll_code()
    phone.user.refresh_from_db()
    assert phone.user.first_device == SmsDevice.objects.get(number="+4526123455").persistent_id


def test_a_number_that_is_registered_already_is_said_to_be(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/security-info/add/")
    sent = len(walk.outbox.messages)
    page = walk.number("26 12 34 78").content.decode()
    assert "error-summary" in page
    assert "26 12 34 78" in page
    assert len(walk.outbox.messages) == sent


def test_a_second_phone_is_added(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/security-info/add/")
    walk.number("26 12 34 99")
    walk.enroll_code()
    walk.done()
    assert SmsDevice.objects.filter(user=phone.user, confirmed=True).count() == 2
    assert kinds().count(events.DEVICE_ENROLLED) == 1


def test_more_devices_than_a_person_has_are_refused(walk: Walk, phone: SmsDevice, settings: Any) -> None:
    settings.DEVICES_PER_ACCOUNT = 1
    walk.signed_in(phone)
    assert walk.browser.post("/security-info/add/").status_code == 409
    assert act(walk, phone, "change").status_code == 200


def test_a_device_that_was_only_added_does_not_stand_before_one_that_was_used(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    walk.browser.post("/sign-out/")
    added = confirmed_phone(phone.user, "+4526123499")
    walk.name(phone.user)
    first, others = walk.password().content.decode().split("<details>")
    assert phone.persistent_id in first
    assert added.persistent_id in others
