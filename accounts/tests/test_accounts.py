"""Accounts, and the pages around the sign-in."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import translation

from accounts.models import Account
from common.clock import clock, clock_up
from helpdesk import account_admin
from mfa_sms.models import SmsDevice
from tests.fixtures import MakeAccount, Walk


def test_a_username_is_kept_in_lower_case(make_account: MakeAccount) -> None:
    assert make_account("ABC123").username == "abc123"


def test_the_database_takes_no_username_in_upper_case(make_account: MakeAccount) -> None:
    make_account("abc123")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.update(username="Abc123")


@pytest.mark.parametrize("username", ["1abc", "a", "abc 123", "abc@ku", "abc123\n", "æbc123", "a" * 33])
def test_a_username_has_letters_digits_and_little_else(username: str) -> None:
    with pytest.raises(ValidationError):
        Account(username=username, password="x").full_clean()


@pytest.mark.parametrize(
    ("student", "employee", "name"),
    [
        (True, False, "abc123@alumni.ku.dk"),
        (True, True, "abc123@ku.dk"),
        (False, True, "abc123@ku.dk"),
        (False, False, "abc123@ku.dk"),
    ],
)
def test_who_is_both_student_and_employee_is_an_employee(student: bool, employee: bool, name: str) -> None:
    assert str(Account(username="abc123", is_student=student, is_employee=employee).account_name) == name


def test_who_has_no_name_is_called_by_the_username() -> None:
    assert Account(username="abc123").get_full_name() == "abc123"
    assert Account(username="abc123", first_name="Freja").get_full_name() == "Freja"


def test_an_account_without_a_password_cannot_sign_in_and_has_no_age(make_account: MakeAccount) -> None:
    account = make_account("abc123", password=None)
    assert not account.has_usable_password()
    assert account.password_changed_at is None


def test_a_superuser_is_an_employee_who_may_use_the_admin(db: None) -> None:
    account = Account.objects.create_superuser("adm123", "en-lang-adgangskode")
    assert account.is_employee
    assert account.is_staff
    assert account.is_superuser


def test_a_clock_time_is_local_and_in_the_language() -> None:
    moment = datetime(2026, 7, 1, 12, 15, 30, tzinfo=UTC)
    assert clock(moment) == "14.15"
    assert clock_up(moment) == "14.16"
    with translation.override("en"):
        assert clock(moment) == "14:15"


def test_a_full_minute_is_not_rounded_up() -> None:
    assert clock_up(datetime(2026, 1, 1, 12, 0, tzinfo=UTC)) == "13.00"


def test_the_start_leads_to_where_a_person_belongs(walk: Walk, phone: SmsDevice) -> None:
    assert walk.get("/").redirect_chain[-1][0] == "/sign-in/"
    walk.signed_in(phone)
    assert walk.get("/").redirect_chain[-1][0] == "/security-info/"


def test_the_login_methods_show_the_number_masked(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    page = walk.get("/security-info/").content.decode()
    assert "+45 •• •• •• 78" in page
    assert "nummeret, der ender på 78" in page
    assert "26123478" not in page
    assert "26 12 34" not in page


@pytest.mark.parametrize("path", ["/sign-in/", "/help/", "/privacy/", "/nowhere/", "/signed-out/", "/password/sent/"])
def test_the_supports_number_and_hours_stand_on_every_page(walk: Walk, path: str) -> None:
    page = walk.browser.get(path).content.decode()
    number = "35 32 32 32".replace(" ", "\N{NO-BREAK SPACE}")
    assert f'<a href="tel:+4535323232" class="phone">{number}</a>' in page
    assert 'href="https://kunet.ku.dk/oevrige/hjaelp/it/Sider/IT-supportcentre-p%C3%A5-KU.aspx"' in page


def test_the_accessibility_statement_is_where_the_law_wants_it(walk: Walk) -> None:
    assert walk.browser.get("/was/")["Location"] == "/accessibility/"


def test_the_admin_of_accounts_shows_no_password() -> None:
    assert "password" not in str(account_admin.AccountAdmin.fields).replace("password_changed_at", "")
