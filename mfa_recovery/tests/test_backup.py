"""A backup is offered last and does not have to be used up. It still guards an account without other methods."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_recovery.method import METHOD
from mfa_recovery.models import RecoveryCode, RecoveryDevice
from mfa_recovery.tests.helpers import PAGE, VERIFY, WRONG, enter, in_english, make_codes
from mfa_sms.models import SmsDevice
from sign_in import methods
from sign_in.methods import Method, Words, device_management, policies
from sign_in.models import MethodPolicy
from tests.fixtures import Walk
from tests.helpers import is_signed_in, kinds, registered_methods


@pytest.fixture
def _sms_forbidden(db: None) -> None:
    MethodPolicy.objects.create(method="mfa_sms", students=False, employees=False)
    policies.forget()


class Fake(Method):
    slug = "fake"
    label = "Brevdue"
    models = ()
    verification_url = "sign_in:help"
    enrollment_url = "sign_in:help"
    students = True

    def devices(self, account_id: int) -> list[Device]:
        return []

    def prompt(self, device: Device) -> Words:
        return Words("")


@pytest.fixture
def _something_to_enroll() -> Iterator[None]:
    """Register a method that a student without a device could enroll."""
    with registered_methods(Fake()):
        yield


def test_who_has_only_a_phone_steps_up_with_it_though_there_are_codes(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    walk.signed_in(phone)
    standing = methods.standing(phone.user.pk)
    assert [option.method.slug for option in standing.options] == ["mfa_sms", "mfa_recovery"]
    assert standing.strength == 1
    assert walk.browser.get(PAGE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        page = walk.get(PAGE).content.decode()
        assert page.index("/sign-in/verify/send/") < page.index(VERIFY)
        walk.send(phone)
        assert walk.code().redirect_chain[-1][0] == PAGE
    with time_machine.travel(timezone.now() + timedelta(minutes=42)):
        walk.get(PAGE)
        assert enter(walk, made[0])["Location"] == PAGE
        assert walk.browser.get(PAGE).status_code == 200
    assert kinds()[-2:] == ["stepped_up", "recovery_code_used"]


def test_a_code_proves_a_change_when_all_else_is_lost(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    SmsDevice.objects.update(disabled_at=timezone.now())
    walk.to_password(phone.user)
    enter(walk, made[0])
    assert methods.standing(phone.user.pk).strength == 1
    assert walk.browser.get(PAGE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        assert walk.get(PAGE).redirect_chain[-1][0] == "/sign-in/verify/"
        assert enter(walk, made[1])["Location"] == PAGE


@pytest.mark.usefixtures("_sms_forbidden", "_something_to_enroll")
def test_who_has_only_codes_left_enrolls_nothing_by_a_password_alone(walk: Walk, phone: SmsDevice) -> None:
    made = make_codes(phone.user)
    standing = methods.standing(phone.user.pk)
    assert not standing.enrolled
    assert standing.guarded
    walk.name(phone.user)
    response = walk.password()
    assert response.redirect_chain[-1][0] == "/sign-in/verify/"
    assert VERIFY in response.content.decode()
    for path in ("/enroll/", "/enroll/methods/"):
        assert walk.browser.get(path).status_code == 409
    in_english(walk)
    page = walk.browser.post(VERIFY, {"code": made[0]}, follow=True).content.decode()
    assert "You have no other login method." in page
    assert is_signed_in(walk.browser)


@pytest.mark.usefixtures("_sms_forbidden", "_something_to_enroll")
def test_codes_that_were_locked_by_a_stranger_still_guard(walk: Walk, phone: SmsDevice) -> None:
    make_codes(phone.user)
    phone.delete()
    RecoveryDevice.objects.update(throttling_failure_count=99)
    walk.to_password(phone.user)
    enter(walk, WRONG)
    assert RecoveryDevice.objects.get().disabled_at is not None
    assert walk.browser.get("/sign-in/verify/").status_code == 403
    assert walk.browser.get("/enroll/").status_code == 403


@pytest.mark.usefixtures("_sms_forbidden", "_something_to_enroll")
def test_k2_a_forbidden_phone_guards_once_all_codes_are_used(walk: Walk, phone: SmsDevice) -> None:
    make_codes(phone.user)
    RecoveryCode.objects.update(used_at=timezone.now())
    standing = methods.standing(phone.user.pk)
    assert (standing.enrolled, standing.guarded, standing.options) == (False, True, ())
    walk.name(phone.user)
    assert walk.password().redirect_chain[-1][0] == "/sign-in/verify/"
    assert walk.browser.get("/enroll/").status_code == 409


def test_codes_are_told_from_others_by_how_many_are_left(phone: SmsDevice) -> None:
    make_codes(phone.user)
    RecoveryCode.objects.filter(pk=RecoveryCode.objects.earliest("pk").pk).update(used_at=timezone.now())
    option = methods.devices(phone.user.pk)[-1]
    assert option.method is METHOD
    assert option.description.seen.startswith("9 ")
    assert "10" in option.description.seen


def test_codes_are_found_with_their_owner_in_one_query(phone: SmsDevice, django_assert_num_queries: object) -> None:
    make_codes(phone.user)
    with django_assert_num_queries(1):  # type: ignore[operator]
        (device,) = METHOD.devices(phone.user.pk)
        assert device.user == phone.user
        METHOD.describe(device)


def test_codes_that_are_locked_cannot_be_used(phone: SmsDevice) -> None:
    make_codes(phone.user)
    (device,) = METHOD.devices(phone.user.pk)
    assert METHOD.is_usable(device)
    METHOD.disable(device)
    (device,) = METHOD.devices(phone.user.pk)
    assert not METHOD.is_usable(device)


def test_codes_can_be_removed_and_the_last_phone_cannot(phone: SmsDevice) -> None:
    account: Account = phone.user
    make_codes(account)
    registered = methods.devices(account.pk)
    assert [device_management.may_remove(registered, option) for option in registered] == [False, True]
    device_management.remove(account, "mfa_recovery", RecoveryDevice.objects.get().pk, ClientInfo())
    assert not RecoveryCode.objects.exists()
