"""The first account: it has a mail address, and the command says how it signs in."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.models import Account


def test_the_command_says_how_to_sign_in(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PORTAL_URL = "https://mfa.ku.dk"
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "en-lang-adgangskode-til-test")
    call_command("createsuperuser", interactive=False, username="adm123", email="adm123@ku.dk")
    assert Account.objects.get().email == "adm123@ku.dk"
    said = capsys.readouterr().out
    assert "https://mfa.ku.dk/admin/" in said
    assert f"USERNAME@{settings.EMPLOYEE_DOMAIN}" in said


def test_an_account_without_a_mail_address_is_not_made(db: None) -> None:
    with pytest.raises(CommandError, match="email"):
        call_command("createsuperuser", interactive=False, username="adm123")
