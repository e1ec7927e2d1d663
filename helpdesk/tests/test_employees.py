"""Agents act on students and on employees without access to the admin. Staff accounts are for leads alone."""

import pytest

from accounts.models import Account
from backoffice import roles
from helpdesk.tests.people import act_page, agent_of, do, words
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import app_of
from tests.fixtures import Browser


def test_an_agent_resets_an_employee(desk: Browser, employee: Account) -> None:
    app_of(employee)
    assert "helpdesk-secret" in words(do(desk, employee, "reset"))
    assert not AuthenticatorApp.objects.filter(user=employee).exists()


@pytest.mark.parametrize("slug", ["unlock", "end-sessions", "remove-device", "reset", "access-pass", "block"])
def test_asvs_8_2_2_an_agent_does_nothing_to_a_staff_account(desk: Browser, slug: str) -> None:
    colleague = agent_of(roles.HELPDESK, "col444")
    app_of(colleague)
    assert desk.get(act_page(colleague, slug)).status_code == 403
    assert do(desk, colleague, slug, life="60", reason="misuse").status_code == 403
