"""In production, only people with the translator's role see the lists of texts."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from accounts.models import Account
from backoffice import roles
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk

pytestmark = pytest.mark.django_db

PATHS = ("/words/", "/words/pages/", "/words/texts/", "/words/show/sign-in/da/")


def test_a_stranger_must_log_in() -> None:
    for path in PATHS:
        assert Client().get(path).headers["Location"].startswith("/sign-in/")


def test_a_student_without_the_role_is_refused_and_with_it_let_in(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    assert {walk.browser.get(path).status_code for path in PATHS} == {403}
    phone.user.groups.set(Group.objects.filter(name=roles.TRANSLATOR))
    assert {walk.browser.get(path).status_code for path in PATHS} == {200}


def test_the_role_gives_nothing_else_and_no_access_to_the_admin(employee: Account, capsys: object) -> None:
    call_command("give_role", employee.username, roles.TRANSLATOR)
    employee = Account.objects.get(pk=employee.pk)
    assert employee.get_all_permissions() == {"accounts.read_words"}
    assert not employee.is_staff
