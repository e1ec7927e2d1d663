"""A GET changes nothing and sends nothing, at any address and at any step (ASVS 3.5.3)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from accounts.models import Account
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import every_path, picture, staff_signed_in

# The protocol requires a GET for an authorization request. It issues a code, and a refusal creates an event.
BY_PROTOCOL = "sso:authorize"


def pages() -> dict[str, str]:
    return {name: path for name, path in every_path().items() if name != BY_PROTOCOL}


def nobody(walk: Walk, student: Account, staff: Account) -> None:
    pass


def name_given(walk: Walk, student: Account, staff: Account) -> None:
    walk.name(student)


def enrolling(walk: Walk, student: Account, staff: Account) -> None:
    walk.to_password(student)


def number_entered(walk: Walk, student: Account, staff: Account) -> None:
    walk.to_password(student)
    walk.number()


def enrolled(walk: Walk, student: Account, staff: Account) -> None:
    walk.enrolled(student)


def choosing(walk: Walk, student: Account, staff: Account) -> None:
    walk.to_password(confirmed_phone(student).user)


def code_sent(walk: Walk, student: Account, staff: Account) -> None:
    walk.to_code(confirmed_phone(student))


def asked_to_stay(walk: Walk, student: Account, staff: Account) -> None:
    walk.to_code(confirmed_phone(student))
    walk.code()


def signed_in(walk: Walk, student: Account, staff: Account) -> None:
    walk.signed_in(confirmed_phone(student))


def administrating(walk: Walk, student: Account, staff: Account) -> None:
    staff_signed_in(walk, staff)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    "state",
    [
        nobody,
        name_given,
        enrolling,
        number_entered,
        enrolled,
        choosing,
        code_sent,
        asked_to_stay,
        signed_in,
        administrating,
    ],
)
def test_asvs_3_5_3_no_address_changes_or_sends_anything(
    walk: Walk,
    student: Account,
    administrator: Account,
    state: Callable[[Walk, Account, Account], None],
    method: str,
) -> None:
    state(walk, student, administrator)
    before, messages, mails = picture(), len(walk.outbox.messages), len(mail.outbox)
    for name, path in pages().items():
        response = getattr(walk.browser, method)(path)
        assert response.status_code < 500, name
    assert picture() == before
    assert (len(walk.outbox.messages), len(mail.outbox)) == (messages, mails)


def test_asvs_3_5_3_a_switch_of_language_sends_and_ends_nothing(walk: Walk, phone: SmsDevice) -> None:
    def rows() -> dict[str, list[tuple[Any, ...]]]:
        # A request of Entra without a hint is refused, and refusals are counted.
        return {label: found for label, found in picture().items() if label != "audit.RefusalCount"}

    walk.to_code(phone)
    before = rows()
    for name, path in pages().items():
        data = {"language": "en", "device": phone.persistent_id, "code": walk.outbox.codes[-1], "stay": "yes"}
        assert walk.browser.post(path, data).status_code < 500, name
    assert rows() == before
    assert len(walk.outbox.messages) == 1
