"""The rule for who counts as a student agrees for one account and in the database (guide, R4)."""

from itertools import product

import pytest

from accounts.affiliation import counts_as_student, student_condition
from accounts.models import Account
from audit.models import SecurityEvent
from tests.fixtures import MakeAccount

FLAGS = ("is_student", "is_employee", "is_staff")


@pytest.fixture
def people(make_account: MakeAccount) -> list[Account]:
    """Return an account for each combination of the affiliation flags."""
    return [
        make_account(f"abc{number}", **dict(zip(FLAGS, flags, strict=True)))
        for number, flags in enumerate(product([True, False], repeat=3), start=100)
    ]


def test_r4_only_a_student_who_is_neither_employee_nor_staff_counts_as_one(people: list[Account]) -> None:
    found = [[getattr(one, flag) for flag in FLAGS] for one in people if counts_as_student(one)]
    assert found == [[True, False, False]]


def test_the_database_finds_the_same_accounts(people: list[Account]) -> None:
    for account in people:
        SecurityEvent.objects.create(kind="signed_out", account=account)
    students = [one for one in people if counts_as_student(one)]
    assert list(Account.objects.filter(student_condition())) == students
    assert [event.account for event in SecurityEvent.objects.filter(student_condition("account"))] == students
