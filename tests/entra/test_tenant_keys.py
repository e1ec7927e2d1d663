"""A tenant's keys: read on demand, cached, and read again after a rotation, with a limit on the requests."""

import time

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from mfa_sms.models import SmsDevice
from sso.entra import tenant_keys
from sso.models import Tenant
from tests.entra.conftest import Carrier, refused
from tests.entra.server import Mood, Server
from tests.entra.standin import Key, User
from tests.fixtures import Outbox


@pytest.fixture
def visitor(server: Server, read: Tenant, sms_outbox: Outbox) -> Carrier:
    """Return a person who comes from the tenant whose keys were never read."""
    server.entra.redirect_uri = "https://login.microsoftonline.com/common/federation/externalauthprovider"
    return Carrier(server.entra, sms_outbox)


def arrives(carrier: Carrier, user: User) -> bool:
    """Return whether the portal asks for a second factor."""
    return "Send sms til" in carrier.arrive(carrier.entra.ask(user)).content.decode()


def test_the_first_sign_in_reads_them(server: Server, visitor: Carrier, user: User, phone: SmsDevice) -> None:
    assert arrives(visitor, user)
    assert arrives(visitor, user)
    assert len(server.asked) == 2  # metadata and keys, once


def test_a_key_that_the_tenant_has_rolled_to_is_read(
    server: Server, visitor: Carrier, user: User, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    assert arrives(visitor, user)
    server.entra.keys = [Key()]
    time_machine.shift(61)
    assert arrives(visitor, user)


def test_no_flood_of_unknown_keys_asks_the_tenant_more_than_once_a_minute(
    server: Server, visitor: Carrier, user: User, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    assert arrives(visitor, user)
    known = list(server.entra.keys)
    server.entra.keys = [*known, Key()]
    server.mood = Mood.DOWN
    time_machine.shift(61)
    for _each in range(5):
        assert not arrives(visitor, user)
    assert len(server.asked) == 3
    assert refused() == [("hint_key", None)] * 5


def test_keys_are_read_anew_after_a_day(
    server: Server, visitor: Carrier, user: User, phone: SmsDevice, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    assert arrives(visitor, user)
    time_machine.shift(24 * 3600 + 1)
    assert arrives(visitor, user)
    assert len(server.asked) == 4


@pytest.mark.parametrize("mood", [Mood.DOWN, Mood.WRONG, Mood.HUGE, Mood.ELSEWHERE])
def test_what_was_read_serves_while_the_tenant_cannot_be_reached(
    server: Server, visitor: Carrier, user: User, phone: SmsDevice, time_machine: TimeMachineFixture, mood: Mood
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    assert arrives(visitor, user)
    kept = Tenant.objects.get().keys
    server.mood = mood
    time_machine.shift(24 * 3600 + 1)
    assert arrives(visitor, user)
    assert Tenant.objects.get().keys == kept


@pytest.mark.parametrize("mood", [Mood.DOWN, Mood.WRONG, Mood.HUGE, Mood.ELSEWHERE])
def test_where_nothing_was_read_there_is_a_page(server: Server, visitor: Carrier, user: User, mood: Mood) -> None:
    server.mood = mood
    page = visitor.arrive(visitor.entra.ask(user))
    assert page.status_code == 503
    assert refused() == [("keys_unreachable", None)]


def test_a_slow_tenant_is_not_waited_for(
    server: Server, visitor: Carrier, user: User, settings: Settings, phone: SmsDevice
) -> None:
    settings.ENTRA_KEYS_SECONDS = 0.3
    server.mood = Mood.SLOW
    began = time.monotonic()
    assert visitor.arrive(visitor.entra.ask(user)).status_code == 503
    assert time.monotonic() - began < 3


def test_an_address_that_is_none_is_not_asked(server: Server, read: Tenant) -> None:
    read.metadata_url = "https://["
    with pytest.raises(tenant_keys.CannotRead):
        tenant_keys.fetch(read)


def test_nothing_is_kept_from_an_address_that_was_changed_meanwhile(server: Server, read: Tenant) -> None:
    Tenant.objects.update(metadata_url="https://login.microsoftonline.us/another")
    tenant_keys.read_metadata(read)
    read.refresh_from_db()
    assert (read.keys, read.issuer, read.fetched_at) == ({}, "", None)


def test_only_https_is_asked_in_production(server: Server, read: Tenant, settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(tenant_keys.CannotRead, match="https"):
        tenant_keys.read_metadata(read)
    assert server.asked == []


def test_a_short_key_is_none(server: Server, read: Tenant) -> None:
    server.entra.keys = [Key(1024)]
    with pytest.raises(tenant_keys.CannotRead, match="None of the keys"):
        tenant_keys.read_metadata(read)
