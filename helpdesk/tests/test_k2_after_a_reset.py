"""After a reset or a removed device, a password alone enrolls nothing: an access pass is needed (K2)."""

import re
from datetime import timedelta

from django.utils import timezone
from time_machine import travel

from accounts.models import Account
from helpdesk.tests.people import act_page, do, words
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import enter
from mfa_sms.models import SmsDevice
from mfa_totp.tests.helpers import ENROLL
from tests.fixtures import Browser, Walk
from tests.helpers import picture

SECRET = re.compile(r'class="helpdesk-secret">([A-Z2-9-]+)<')


def refused_after_password(walk: Walk, account: Account) -> str:
    """Sign in with the password alone, and return the page that refuses enrollment."""
    walk.browser.cookies["language"] = "en"
    walk.name(account)
    response = walk.password()
    assert response.status_code == 403
    before = picture()
    for path in ("/enroll/", "/enroll/methods/", "/enroll/phone/", ENROLL):
        assert walk.browser.get(path).status_code == 403, path
    assert walk.number().status_code == 403
    assert picture() == before
    return str(response.content.decode())


def test_k2_a_removed_last_phone_leaves_a_page_with_the_next_step(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    do(desk, phone.user, "remove-device", device=phone.persistent_id)
    page = refused_after_password(walk, phone.user)
    assert "You have no login method left" in page
    assert "access pass" in page
    assert "35\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32" in page


def test_the_page_is_in_danish_too(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    do(desk, phone.user, "remove-device", device=phone.persistent_id)
    walk.name(phone.user)
    page = walk.password().content.decode()
    assert "Du har ingen loginmetode tilbage" in page
    assert "nødkode" in page


def test_k2_a_reset_gives_an_access_pass_at_once_and_that_opens_enrollment(
    desk: Browser, walk: Walk, phone: SmsDevice
) -> None:
    response = do(desk, phone.user, "reset")
    code = SECRET.findall(words(response))[0]
    assert not SmsDevice.objects.exists()
    walk.name(phone.user)
    assert walk.password().redirect_chain[-1][0] == "/sign-in/verify/"
    assert walk.browser.get(ENROLL).status_code == 409
    assert enter(walk, code)["Location"] == "/enroll/methods/"
    assert walk.browser.get(ENROLL).status_code == 200


def test_k2_once_the_pass_of_a_reset_is_over_the_password_still_enrolls_nothing(
    desk: Browser, walk: Walk, phone: SmsDevice
) -> None:
    do(desk, phone.user, "reset")
    with travel(timezone.now() + timedelta(days=2)):
        assert "You have no login method left" in refused_after_password(walk, phone.user)


def test_k2_a_pass_that_is_used_up_leads_to_it_support(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    do(desk, phone.user, "reset")
    AccessPass.objects.update(used_at=timezone.now())
    assert "You have no login method left" in refused_after_password(walk, phone.user)


def test_k2_no_number_is_registered_for_an_account_that_had_a_method(desk: Browser, phone: SmsDevice) -> None:
    do(desk, phone.user, "remove-device", device=phone.persistent_id)
    said = words(do(desk, phone.user, "register-number", country="DK", number="26 12 34 99"))
    assert "Give the student an access pass instead." in said
    assert not SmsDevice.objects.exists()


def test_the_agent_sees_that_the_owner_needs_a_pass(desk: Browser, phone: SmsDevice) -> None:
    response = do(desk, phone.user, "remove-device", device=phone.persistent_id)
    assert "Cannot log in: needs an access pass" in words(response)
    assert act_page(phone.user, "register-number") not in words(response)


def test_an_account_that_never_had_a_method_still_enrolls_with_its_password(walk: Walk, student: Account) -> None:
    walk.name(student)
    assert walk.password().redirect_chain[-1][0] == "/enroll/"


def test_a_confirmed_device_protects_the_account_in_the_same_transaction(walk: Walk, student: Account) -> None:
    walk.enrolled(student)
    student.refresh_from_db()
    assert student.protected_since is not None
