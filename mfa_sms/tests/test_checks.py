"""System checks report settings that would make the first message fail."""

import pytest
from django.core.checks import CheckMessage
from django.core.checks import run_checks as run_all
from pytest_django.fixtures import Settings

from mfa_sms import checks, texts
from mfa_sms.budgets import LONGEST_HOST
from mfa_sms.models import Purpose


def ids(found: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


def test_the_defaults_are_good(settings: Settings) -> None:
    settings.PORTAL_HOST = "sms-login.ku.dk"
    assert [message for message in run_all() if (message.id or "").startswith("mfa_sms.")] == []


def test_no_gateway_is_an_error(settings: Settings) -> None:
    settings.SMS_GATEWAYS = []
    assert ids(checks.gateways_are_known()) == ["mfa_sms.E001"]


def test_each_bad_gateway_is_named_by_its_place_and_without_its_credentials(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["console://", "carrier://hemmelig:nøgle@example.org", "file://hemmelig@host/x", "hemmelig"]
    found = checks.gateways_are_known()
    assert ids(found) == ["mfa_sms.E002"] * 3
    assert [message.msg.partition(":")[0] for message in found] == [
        "SMS_GATEWAYS, entry 2",
        "SMS_GATEWAYS, entry 3",
        "SMS_GATEWAYS, entry 4",
    ]
    assert not any("nøgle" in f"{message.msg}{message.hint}" for message in found)
    assert not any("hemmelig@" in f"{message.msg}{message.hint}" for message in found)


def test_a_bad_url_without_a_scheme_is_not_repeated(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["hemmelig-noegle"]
    assert "hemmelig" not in checks.gateways_are_known()[0].msg


@pytest.mark.parametrize("sender", ["", "KU-IT-LANGT-", "KU\u2013IT"])
def test_a_sender_that_networks_do_not_carry_is_an_error(settings: Settings, sender: str) -> None:
    settings.SMS_SENDER = sender
    assert ids(checks.sender_is_short()) == ["mfa_sms.E003"]


@pytest.mark.parametrize("sender", ["K", "KU-IT", "KU-IT-LANGT"])
def test_a_short_sender_is_good(settings: Settings, sender: str) -> None:
    settings.SMS_SENDER = sender
    assert checks.sender_is_short() == []


def test_a_text_that_is_not_in_gsm_7_is_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "compose", lambda *args: "Koden \u2013 er 000000")
    found = checks.texts_fit()
    assert ids(found) == ["mfa_sms.E004"] * len(settings.LANGUAGES) * len(Purpose)
    assert "\u2013" in found[0].msg


def test_a_text_of_two_messages_is_an_error(settings: Settings) -> None:
    settings.PORTAL_HOST = "a" * 70
    found = checks.texts_fit()
    with_host = [purpose for purpose in Purpose if purpose != Purpose.CALLER]
    assert ids(found) == ["mfa_sms.E005"] * len(settings.LANGUAGES) * len(with_host)
    assert "needs two messages" in found[0].msg


def test_a_host_that_leaves_no_room_for_autofill_is_a_warning(settings: Settings) -> None:
    settings.PORTAL_HOST = "h" * LONGEST_HOST
    assert checks.host_is_short() == []
    settings.PORTAL_HOST += "h"
    assert ids(checks.host_is_short()) == ["mfa_sms.W006"]
