"""The check of a password: its outcome, its event, and equal answers for all failures."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.utils import timezone

from accounts.account_names import parse_account_name
from accounts.models import Account
from audit.models import RefusalCount, SecurityEvent
from common.client_info import ClientInfo
from limits.models import LimitCounter
from sign_in import journeys
from sign_in.password_check import PasswordOutcome, check_password
from tests.fixtures import PASSWORD, MakeAccount, Walk
from tests.helpers import kinds, mask
from tests.interface import in_da

WRONG = in_da("The username or password is incorrect")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the password of each run of the hasher."""
    runs: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        runs.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return runs


def refused_pages(walk: Walk, make_account: MakeAccount) -> dict[str, Any]:
    make_account("dis123", is_student=True, is_active=False)
    make_account("wrg123", is_student=True)
    make_account("non123", is_student=True, password=None)
    passwords = {"dis123": PASSWORD, "wrg123": "not the password", "nob123": PASSWORD, "non123": PASSWORD}
    pages = {}
    for name, password in passwords.items():
        walk.name(f"{name}@alumni.ku.dk")
        pages[name] = walk.password(password)
    return pages


def test_the_right_password_leads_on(walk: Walk, student: Account) -> None:
    walk.name(student)
    assert walk.password().redirect_chain[0] == ("/sign-in/verify/", 302)
    assert kinds() == ["password_accepted"]


def test_asvs_6_3_8_wrong_unknown_and_disabled_get_the_same_answer(walk: Walk, make_account: MakeAccount) -> None:
    pages = refused_pages(walk, make_account)
    assert {page.status_code for page in pages.values()} == {200}
    assert len({mask(page, name) for name, page in pages.items()}) == 1
    assert WRONG in pages["dis123"].content.decode()


def test_asvs_6_3_8_the_hasher_runs_once_whoever_it_is(
    walk: Walk, make_account: MakeAccount, hashed: list[str]
) -> None:
    refused_pages(walk, make_account)
    setup = 2  # two of the accounts have a password
    assert len(hashed) == setup + 4


def test_asvs_6_3_8_the_queries_are_the_same_whoever_it_is(
    make_account: MakeAccount, django_assert_num_queries: Any
) -> None:
    make_account("dis123", is_student=True, is_active=False)
    make_account("wrg123", is_student=True)
    for name in ("dis123", "wrg123", "nob123"):
        with django_assert_num_queries(11):
            check_password(parse_account_name(f"{name}@alumni.ku.dk"), "wrong", ClientInfo("192.0.2.1"))


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [
        ("dis123", PASSWORD, "disabled"),
        ("dis123", "wrong", "wrong"),
        ("wrg123", "wrong", "wrong"),
    ],
)
def test_the_event_tells_what_the_page_does_not(
    make_account: MakeAccount, username: str, password: str, reason: str
) -> None:
    make_account("dis123", is_student=True, is_active=False)
    make_account("wrg123", is_student=True)
    assert (
        check_password(parse_account_name(f"{username}@alumni.ku.dk"), password, ClientInfo()).outcome
        is PasswordOutcome.WRONG
    )
    event = SecurityEvent.objects.get()
    assert (event.kind, event.reason) == ("password_refused", reason)
    assert event.account is not None


def test_k6_a_name_without_an_account_is_counted(db: None) -> None:
    check_password(parse_account_name("nob123@alumni.ku.dk"), PASSWORD, ClientInfo())
    assert RefusalCount.objects.get().reason == "unknown"
    assert not SecurityEvent.objects.exists()


def test_the_name_that_was_typed_stands_in_no_row(walk: Walk) -> None:
    walk.name("hemmelig99@ku.dk")
    walk.password()
    rows = [*RefusalCount.objects.values_list(), *LimitCounter.objects.values_list()]
    assert len(rows) == 6
    assert "hemmelig99" not in repr(rows)


def test_after_the_right_password_under_the_wrong_domain_the_right_name_is_filled_in(
    walk: Walk, student_employee: Account
) -> None:
    walk.name("ste456@alumni.ku.dk", "/help/")
    assert "<strong>ste456@ku.dk</strong>" in walk.password().content.decode()
    assert journeys.split(walk.password().redirect_chain[0][0])[1] == "/sign-in/verify/"


def test_a_student_who_is_employed_is_told_the_name_to_use(walk: Walk, student_employee: Account) -> None:
    walk.name("ste456@alumni.ku.dk")
    page = walk.password().content.decode()
    assert in_da("You are employed at UCPH. Log in with %(name)s.", name="ste456@ku.dk") in page
    assert SecurityEvent.objects.get().reason == "wrong_domain"


def test_a_student_is_told_the_name_to_use(walk: Walk, student: Account) -> None:
    walk.name("stu123@ku.dk")
    assert "Log ind med stu123@alumni.ku.dk." in walk.password().content.decode()


@pytest.mark.parametrize("password", ["wrong", PASSWORD + " "])
def test_with_a_wrong_password_nothing_is_said_about_the_domain(
    walk: Walk, student_employee: Account, password: str
) -> None:
    walk.name("ste456@alumni.ku.dk")
    page = walk.password(password).content.decode()
    assert WRONG in page
    assert "ste456@ku.dk" not in page


def test_a_password_of_365_days_is_good_and_one_a_day_older_is_not(student: Account) -> None:
    for days, outcome in ((365, PasswordOutcome.RIGHT), (366, PasswordOutcome.TOO_OLD)):
        student.password_changed_at = timezone.now() - timedelta(days=days) + timedelta(minutes=1)
        student.save(update_fields=["password_changed_at"])
        assert check_password(student.account_name, PASSWORD, ClientInfo()).outcome is outcome


@pytest.mark.parametrize("age", [timedelta(days=400), None])
def test_a_password_too_old_or_of_unknown_age_does_not_sign_in(
    walk: Walk, student: Account, age: timedelta | None
) -> None:
    student.password_changed_at = timezone.now() - age if age else None
    student.save(update_fields=["password_changed_at"])
    walk.name(student)
    page = walk.password().content.decode()
    assert in_da("Your password is too old") in page
    assert 'href="/password/forgotten/"' in page
    assert walk.get("/sign-in/verify/").redirect_chain[-1][0] == "/sign-in/"
    assert SecurityEvent.objects.get().reason == "too_old"


def test_an_old_password_that_is_wrong_is_just_wrong(walk: Walk, student: Account) -> None:
    Account.objects.update(password_changed_at=None)
    walk.name(student)
    assert WRONG in walk.password("wrong").content.decode()


def test_an_empty_password_is_not_an_attempt(walk: Walk, student: Account) -> None:
    walk.name(student)
    assert in_da("Enter your password") in walk.password("").content.decode()
    assert kinds() == []


def test_the_password_is_never_put_back_into_the_page(walk: Walk, student: Account) -> None:
    walk.name(student)
    assert "s3cret-typo" not in walk.password("s3cret-typo").content.decode()


def test_spaces_around_a_password_belong_to_it(walk: Walk, make_account: MakeAccount) -> None:
    account = make_account("spc123", is_student=True, password=" med mellemrum ")
    walk.name(account)
    assert WRONG in walk.password("med mellemrum").content.decode()
    assert walk.password(" med mellemrum ").redirect_chain[0][0] == "/sign-in/verify/"


def test_nothing_of_a_long_password_is_cut_off(walk: Walk, make_account: MakeAccount) -> None:
    account = make_account("lng123", is_student=True, password="x" * 200 + "a")
    walk.name(account)
    assert WRONG in walk.password("x" * 200 + "b").content.decode()
    assert walk.password("x" * 200 + "a").redirect_chain[0][0] == "/sign-in/verify/"
