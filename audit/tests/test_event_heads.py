"""The newest seal is stored outside the database, so that the sealer does not extend a chain that was cut short."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit import sealing
from audit.models import EventSeal
from common.client_info import ClientInfo
from sign_in import events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sealed-heads"}
    }
    cache.clear()


@pytest.fixture
def two_seals(student: Account) -> None:
    for _each in range(2):
        events.signed_out(student, ClientInfo())
        assert sealing.seal() == 1


def cut_off_by_sql() -> None:
    """Delete the last seal, as an attacker with access to only the database could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_eventseal DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_eventseal WHERE number = 2")
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_eventseal ENABLE TRIGGER USER")


def test_a_chain_that_was_cut_short_is_not_sealed_again(
    two_seals: None, student: Account, caplog: pytest.LogCaptureFixture
) -> None:
    cut_off_by_sql()
    events.signed_out(student, ClientInfo())
    assert sealing.seal() == 0
    assert "the chain has lost the seal 2:" in caplog.text
    assert list(EventSeal.objects.values_list("number", flat=True)) == [1]


def test_asvs_16_4_2_the_command_knows_the_newest_seal_by_itself(two_seals: None, capsys: Any) -> None:
    call_command("verify_events")
    cut_off_by_sql()
    with pytest.raises(CommandError):
        call_command("verify_events")


def test_without_a_remembered_seal_the_command_says_what_it_cannot_see(two_seals: None, capsys: Any) -> None:
    cache.clear()
    cut_off_by_sql()
    call_command("verify_events")
    assert "cut short would not show" in capsys.readouterr().err


def test_after_a_restored_backup_the_chain_is_accepted_and_sealing_goes_on(two_seals: None, student: Account) -> None:
    cut_off_by_sql()
    call_command("verify_events", "--accept")
    assert sealing.seal() == 1
    call_command("verify_events")


def test_a_cache_that_is_gone_stops_nothing(two_seals: None, student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(LocMemCache, "get", gone)
    monkeypatch.setattr(LocMemCache, "set", gone)
    events.signed_out(student, ClientInfo())
    assert sealing.seal() == 1


def test_a_key_that_was_replaced_signs_no_newer_seal(student: Account, settings: Settings) -> None:
    old, new = "o" * 40, "n" * 40
    for keys in ([old], [new, old], [old, new]):
        settings.EVENT_SEAL_KEYS = keys
        events.signed_out(student, ClientInfo())
        sealing.seal()
    settings.EVENT_SEAL_KEYS = [new, old]
    assert [str(finding) for finding in sealing.verify()] == [
        "Seal 3 was signed with a key that had been replaced before."
    ]
