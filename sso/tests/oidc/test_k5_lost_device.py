"""The tokens of a service end with the device that they depend on, and the service is told (K5)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Account
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import enter, give
from mfa_sms.models import SmsDevice
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import app_of
from sessions.models import Session
from sign_in.methods import device_rows
from sso.models import LogoutNotice
from sso.tests.oidc.service import Service
from tests.fixtures import Walk
from tests.helpers import is_signed_in


@pytest.fixture
def told(service: Service) -> Service:
    """A service that receives logout notices."""
    service.client.backchannel_logout_uri = "https://mail.example.dk/oidc/logout"
    service.client.save()
    return service


def is_dead(service: Service, answer: dict[str, Any]) -> bool:
    """Return whether neither the access token nor the refresh token is accepted."""
    refused = service.userinfo(answer["access_token"]).status_code == 401
    return bool(refused and service.refresh(answer["refresh_token"]).status_code == 400)


def test_k5_asvs_7_4_a_removed_phone_ends_the_sessions_and_tokens_that_it_opened(
    person: Walk, told: Service, phone: SmsDevice
) -> None:
    app_of(phone.user)
    answer = told.tokens(person.browser)
    device_rows.delete(phone)
    assert not is_signed_in(person.browser)
    assert not Session.objects.filter(account=phone.user).exists()
    assert is_dead(told, answer)
    assert LogoutNotice.objects.count() == 1


def test_k5_a_phone_that_is_removed_behind_our_back_ends_the_tokens_too(
    person: Walk, told: Service, phone: SmsDevice
) -> None:
    answer = told.tokens(person.browser)
    SmsDevice.objects.all().delete()
    assert is_dead(told, answer)


def test_k5_another_device_of_the_owner_keeps_its_session_and_tokens(
    person: Walk, told: Service, phone: SmsDevice
) -> None:
    app = app_of(phone.user)
    answer = told.tokens(person.browser)
    device_rows.delete(app)
    assert is_signed_in(person.browser)
    assert told.userinfo(answer["access_token"]).status_code == 200
    assert not LogoutNotice.objects.exists()


def test_k5_an_owner_who_removes_a_phone_ends_what_it_opened_elsewhere_and_stays(
    person: Walk, another_walk: Walk, told: Service, phone: SmsDevice, student: Account
) -> None:
    other = SmsDevice.objects.create(user=student, number="+4526123479", confirmed=True)
    thief, owner = person, another_walk.signed_in(other)
    stolen, own = told.tokens(thief.browser), told.tokens(owner.browser)
    assert owner.browser.post(f"/security-info/mfa_sms/{phone.pk}/remove/")["Location"] == "/security-info/changed/"
    assert is_signed_in(owner.browser)
    assert not is_signed_in(thief.browser)
    assert is_dead(told, stolen)
    assert told.userinfo(own["access_token"]).status_code == 200
    assert LogoutNotice.objects.count() == 1


def test_k5_an_owner_who_removes_the_phone_of_this_session_stays_but_its_tokens_end(
    person: Walk, told: Service, phone: SmsDevice, student: Account
) -> None:
    SmsDevice.objects.create(user=student, number="+4526123479", confirmed=True)
    answer = told.tokens(person.browser)
    person.browser.post(f"/security-info/mfa_sms/{phone.pk}/remove/")
    assert is_signed_in(person.browser)
    assert is_dead(told, answer)
    assert LogoutNotice.objects.count() == 1


def test_k5_a_replaced_phone_ends_what_it_opened(
    person: Walk, another_walk: Walk, told: Service, phone: SmsDevice
) -> None:
    SmsDevice.objects.update(last_generated_timestamp=None)
    owner = another_walk.signed_in(phone)
    stolen = told.tokens(person.browser)
    owner.browser.post(f"/security-info/mfa_sms/{phone.pk}/change/")
    owner.number("26 12 34 99")
    owner.enroll_code()
    assert not SmsDevice.objects.filter(pk=phone.pk).exists()
    assert is_signed_in(owner.browser)
    assert not is_signed_in(person.browser)
    assert is_dead(told, stolen)


def test_k5_a_new_access_pass_ends_what_the_old_one_opened(
    walk: Walk, told: Service, student: Account, helpdesk: Account
) -> None:
    code = give(student, helpdesk)
    walk.to_password(student)
    enter(walk, code)
    answer = told.tokens(walk.browser)
    give(student, helpdesk)
    assert AccessPass.objects.count() == 1
    assert not is_signed_in(walk.browser)
    assert is_dead(told, answer)
    assert LogoutNotice.objects.count() == 1


def _reset(account: Account) -> None:
    device_rows.delete_all(account.pk)


def _remove(account: Account) -> None:
    device_rows.delete(AuthenticatorApp.objects.get(user=account))


@pytest.mark.parametrize("lose", [_reset, _remove])
def test_k5_the_helpdesk_removes_an_app_with_all_that_it_opened(
    person: Walk, told: Service, student: Account, lose: Callable[[Account], None]
) -> None:
    app = app_of(student)
    session = person.browser.session
    session["otp_device_id"] = app.persistent_id
    session.save()
    answer = told.tokens(person.browser)
    lose(student)
    assert not is_signed_in(person.browser)
    assert is_dead(told, answer)
