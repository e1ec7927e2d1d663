"""A factor of one account never verifies another account, and a session of the portal plays no part."""

import pytest
from django.contrib.auth import SESSION_KEY
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sso.models import EntraAttempt
from tests.entra.conftest import Carrier, answer_of
from tests.entra.standin import User
from tests.fixtures import MakeAccount, confirmed_phone
from tests.helpers import is_signed_in


@pytest.fixture
def other(make_account: MakeAccount) -> SmsDevice:
    """Return the phone of another student."""
    return confirmed_phone(make_account("oth999", is_student=True), "+4526123499")


def user_of(account: Account) -> User:
    """Return the account as a user of the tenant."""
    return User(str(account.account_name))


def test_who_is_signed_in_here_proves_the_factor_of_whom_the_tenant_names(
    carrier: Carrier, phone: SmsDevice, other: SmsDevice
) -> None:
    carrier.walk.signed_in(phone)
    before = {name: carrier.browser.session[name] for name in (SESSION_KEY, DEVICE_ID_SESSION_KEY)}
    asked = user_of(other.user)
    page = carrier.arrive(carrier.entra.ask(asked))
    assert "oth999@alumni.ku.dk" in page.content.decode()
    carrier.walk.send(phone)
    carrier.walk.send(other)
    assert carrier.outbox.messages[-1]["to"] == "+4526123499"
    assert carrier.back(carrier.walk.code()) == asked
    assert {name: carrier.browser.session[name] for name in before} == before
    assert is_signed_in(carrier.browser)


def test_a_device_of_who_is_signed_in_sends_no_code_for_another(
    carrier: Carrier, phone: SmsDevice, other: SmsDevice
) -> None:
    carrier.walk.signed_in(phone)
    sent = len(carrier.outbox.messages)
    carrier.arrive(carrier.entra.ask(user_of(other.user)))
    carrier.walk.send(phone)
    assert len(carrier.outbox.messages) == sent


def test_a_code_for_one_does_not_answer_for_the_other_in_a_second_tab(
    carrier: Carrier, phone: SmsDevice, other: SmsDevice
) -> None:
    carrier.arrive(carrier.entra.ask(user_of(phone.user)))
    carrier.walk.send(phone)
    code_of_first = carrier.outbox.codes[-1]
    second = user_of(other.user)
    carrier.arrive(carrier.entra.ask(second))
    carrier.walk.send(other)
    page = carrier.walk.code(code_of_first)
    assert 'id="answer"' not in page.content.decode()
    assert carrier.back(carrier.walk.code()) == second
    assert EntraAttempt.objects.filter(answered_at=None).count() == 1


def test_the_first_tab_is_taken_up_again_by_its_address(carrier: Carrier, phone: SmsDevice, other: SmsDevice) -> None:
    first = user_of(phone.user)
    location = carrier.post(carrier.entra.ask(first))["Location"]
    carrier.browser.get(location, follow=True)
    carrier.arrive(carrier.entra.ask(user_of(other.user)))
    carrier.browser.get(location, follow=True)
    assert carrier.back(carrier.by_sms(phone)) == first


def test_a_sign_in_to_the_portal_answers_no_tenant(carrier: Carrier, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user_of(phone.user)))
    page = carrier.walk.to_code(phone).code()
    assert 'id="answer"' not in page.content.decode()
    assert EntraAttempt.objects.get().answered_at is None


def test_what_is_proven_for_the_tenant_opens_nothing_here(carrier: Carrier, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user_of(phone.user)))
    answer_of(carrier.by_sms(phone))
    assert carrier.browser.get("/security-info/").status_code == 302
    assert SESSION_KEY not in carrier.browser.session


def test_the_key_of_the_session_is_another_one_afterwards(carrier: Carrier, phone: SmsDevice) -> None:
    carrier.walk.name(phone.user)
    planted = carrier.browser.session.session_key
    carrier.arrive(carrier.entra.ask(user_of(phone.user)))
    assert carrier.browser.session.session_key != planted


def test_an_account_that_is_closed_meanwhile_is_not_answered_for(carrier: Carrier, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user_of(phone.user)))
    carrier.walk.send(phone)
    Account.objects.update(is_active=False)
    assert carrier.walk.code().status_code == 409
    assert EntraAttempt.objects.get().answered_at is None
