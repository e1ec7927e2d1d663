"""If no code is sent to a number, the agent sees its country. The number itself is not stored."""

import pytest
from django.utils import translation

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from mfa_sms import enrollment
from mfa_sms.helpdesk import section
from mfa_sms.numbers import NotANumber, NumberFault
from mfa_sms.tests.helpers import Clock, kinds
from sign_in import methods
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import picture

AMERICAN = "+1 212 555 2368"
REFUSED = [("code_not_sent", "country_refused")]


def notes(account: Account) -> tuple[str, ...]:
    with translation.override("en"):
        return section.make_section(account, methods.devices(account.pk)).notes


def refuse(account: Account, fault: NumberFault = NumberFault.COUNTRY_REFUSED) -> None:
    enrollment.refuse(account, NotANumber(fault, "US"), ClientInfo())


def test_it_is_one_event_with_the_country_and_without_the_number(walk: Walk, student: Account) -> None:
    walk.to_password(student)
    assert walk.number(AMERICAN).status_code == 422
    assert kinds(student, "code_not_sent") == REFUSED
    assert SecurityEvent.objects.get(kind="code_not_sent").detail == "US"
    assert "5552368" not in repr(picture()).replace(" ", "")


def test_a_number_that_is_merely_mistyped_is_no_event(walk: Walk, student: Account) -> None:
    walk.to_password(student)
    walk.number("26 12")
    assert kinds(student, "code_not_sent") == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (NumberFault.COUNTRY_REFUSED, "We do not send codes to numbers in that country (United States)."),
        (NumberFault.TYPE_REFUSED, "It is not an ordinary mobile number, so it may not receive codes."),
    ],
)
def test_the_page_of_the_account_says_when_and_why(student: Account, fault: NumberFault, said: str) -> None:
    refuse(student, fault)
    (note,) = notes(student)
    assert note.startswith("The student entered a number that was refused, today at")
    assert note.endswith(said)


def test_once_a_phone_is_registered_it_is_said_no_more(student: Account) -> None:
    refuse(student)
    confirmed_phone(student)
    assert notes(student) == ()


def test_a_day_later_it_is_said_no_more(clock: Clock, student: Account) -> None:
    refuse(student)
    clock.forward(hours=25)
    assert notes(student) == ()
