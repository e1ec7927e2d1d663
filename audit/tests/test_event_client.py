"""The client info of an event is digested with a salt when the row is created, in every way to create it."""

import ipaddress
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from account_import import events as import_events
from accounts.models import Account
from audit.digests import client_digest
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from sign_in import events

pytestmark = pytest.mark.django_db


WAYS: list[Callable[[SecurityEvent], object]] = [
    lambda event: event.save(),
    lambda event: SecurityEvent.objects.get_or_create(kind=event.kind, defaults=client_info_of(event)),
    lambda event: SecurityEvent.objects.bulk_create([event]),
    lambda event: SecurityEvent._base_manager.bulk_create(iter([event])),
]


def client_info_of(event: SecurityEvent) -> dict[str, str | None]:
    return {"address": event.address, "network": event.network, "browser": event.browser}


def digest(event: SecurityEvent) -> str:
    return client_digest(event.client_salt, event.address, event.network, event.browser)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_make_a_row_gives_it_a_salt_and_a_digest(way: Callable[[SecurityEvent], object]) -> None:
    way(SecurityEvent(kind="signed_in", address="2001:db8::1", network="2001:db8::", browser="Firefox"))
    event = SecurityEvent.objects.get()
    assert len(event.client_salt) == 32
    assert event.client_digest == digest(event)


def test_two_events_from_one_place_have_nothing_in_common(student: Account) -> None:
    for _ in range(2):
        events.signed_out(student, ClientInfo("192.0.2.1", "Browser"))
    import_events.accounts_imported([student, student], "created")
    assert SecurityEvent.objects.values("client_salt").distinct().count() == 4
    assert SecurityEvent.objects.values("client_digest").distinct().count() == 4


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.ip_addresses() | st.ip_addresses(v=4).map(lambda address: ipaddress.ip_address(f"::ffff:{address}")),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200),
)
def test_what_comes_back_from_the_database_has_the_same_digest(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, browser: str
) -> None:
    written = SecurityEvent.objects.create(kind="signed_in", address=address.exploded, browser=browser)
    assert digest(SecurityEvent.objects.get(pk=written.pk)) == written.client_digest


def test_what_moves_from_one_part_to_another_has_another_digest() -> None:
    parts = [
        ("s", "192.0.2.1", None, ""),
        ("s", None, "192.0.2.1", ""),
        ("s", None, None, "192.0.2.1"),
        ("s", None, None, "c0000201"),
        ("s1", None, None, ""),
        ("s", None, None, "1"),
    ]
    assert len({client_digest(*part) for part in parts}) == len(parts)


def test_however_an_address_is_written_its_digest_is_the_same() -> None:
    short, long = "2001:db8::1", "2001:0DB8:0000:0000:0000:0000:0000:0001"
    assert client_digest("s", short, None, "") == client_digest("s", long, None, "")
    with pytest.raises(ValueError, match="nowhere"):
        client_digest("s", "nowhere", None, "")
