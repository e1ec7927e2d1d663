"""The database condition for enrolled accounts agrees with the check of each account."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account
from mfa_recovery.tests.helpers import make_codes
from mfa_totp.tests.helpers import app_of
from sign_in import methods
from sign_in.methods import enrolled, policies
from sign_in.models import MethodPolicy
from tests.fixtures import MakeAccount, confirmed_phone

pytestmark = pytest.mark.django_db

GIVEN: list[list[Callable[[Account], object]]] = [
    [],
    [confirmed_phone],
    [app_of],
    [make_codes],
    [confirmed_phone, app_of],
]


@pytest.fixture
def people(make_account: MakeAccount) -> list[Account]:
    kinds: list[dict[str, Any]] = [
        {"is_student": True},
        {"is_employee": True, "is_student": False},
        {"is_student": True, "is_employee": True},
        {"is_student": True, "is_staff": True},
    ]
    made = []
    for number, fields in enumerate(kinds):
        for have, give in enumerate(GIVEN):
            account = make_account(f"abc{number}{have}1", **fields)
            for one in give:
                one(account)
            made.append(account)
    return made


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"mfa_totp": (False, True)},
        {"mfa_sms": (False, False)},
        {"mfa_sms": (True, True), "mfa_totp": (True, False)},
    ],
)
def test_the_condition_finds_those_whose_standing_is_enrolled(
    people: list[Account], rules: dict[str, tuple[bool, bool]]
) -> None:
    for method, (students, employees) in rules.items():
        MethodPolicy.objects.create(method=method, students=students, employees=employees, valid_from=timezone.now())
    policies.forget()
    found = set(Account.objects.filter(enrolled.enrolled_condition()))
    assert found == {account for account in people if methods.standing(account.pk).enrolled}
    assert found
    assert found != set(people)


def test_a_device_that_nobody_has_proven_enrolls_nobody(student: Account) -> None:
    phone = confirmed_phone(student)
    phone.confirmed = False
    phone.save()
    assert not Account.objects.filter(enrolled.enrolled_condition()).exists()


def test_a_locked_device_counts(student: Account) -> None:
    phone = confirmed_phone(student)
    phone.disabled_at = timezone.now()
    phone.save()
    assert Account.objects.filter(enrolled.enrolled_condition()).get() == student
