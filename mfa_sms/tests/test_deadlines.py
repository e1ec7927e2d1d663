"""Nothing is sent after the code expired: one deadline covers look-ups, connections, answers and pauses."""

import socket
import threading
import time
from datetime import timedelta

import httpcore
import pytest
from django.utils import timezone

from mfa_sms import delivery
from mfa_sms.gateways import GatewayError, GatewayFault, OutgoingMessage, SendResult, deadline, http
from mfa_sms.gateways.deadline import _deadline, within
from mfa_sms.models import SmsDevice
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.gateways.cases import CASES, message
from mfa_sms.tests.helpers import Clock, queued


class Watching(FakeGateway):
    """Notes how many seconds each request has."""

    def send(self, message: OutgoingMessage) -> SendResult:
        self.left = _deadline.get() - time.monotonic()
        return super().send(message)


@pytest.mark.parametrize(("life", "seconds"), [(600, 15), (8, 8)])
def test_a_request_has_15_seconds_or_what_is_left_of_the_code(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, life: int, seconds: int
) -> None:
    gateway = Watching()
    use(monkeypatch, gateway)
    delivery.deliver(queued(phone, expires_at=timezone.now() + timedelta(seconds=life)).pk)
    assert seconds - 2 < gateway.left <= seconds


def test_of_two_deadlines_the_earlier_counts() -> None:
    with within(100), within(5):
        assert deadline._left(None, httpcore.ReadTimeout) <= 5
    with within(5), within(100):
        assert deadline._left(None, httpcore.ReadTimeout) <= 5


@pytest.fixture
def silent_resolver(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that a resolver without an answer was asked for."""
    names: list[str] = []
    over = threading.Event()

    def look_up(host: str, *args: object, **options: object) -> list[object]:
        names.append(host)
        over.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(deadline, "_lookups", {})
    return names


def test_a_silent_resolver_takes_no_longer_than_the_deadline(silent_resolver: list[str]) -> None:
    gateway = CASES["kannel"].at("localhost:1")
    began = time.monotonic()
    for _ in range(3):
        with within(0.2), pytest.raises(GatewayError) as caught:
            gateway.send(message())
        assert (caught.value.fault, caught.value.code) == (GatewayFault.UNAVAILABLE, http.NETWORK)
    assert time.monotonic() - began < 10
    # However many messages wait, one thread asks.
    assert silent_resolver == ["localhost"]


def test_a_name_without_an_address_is_a_failed_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*args: object, **options: object) -> list[object]:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(httpcore.ConnectError):
        deadline._addresses("gateway.example.org", 443, time.monotonic() + 10)


def test_several_silent_addresses_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []

    class Backend:
        def connect_tcp(self, host: str, port: int, timeout: float | None, *args: object) -> None:
            waits.append(timeout)
            raise httpcore.ConnectTimeout

    network = deadline._Network()
    network._inner = Backend()  # type: ignore[assignment]
    monkeypatch.setattr(deadline, "_addresses", lambda host, port, until: [f"192.0.2.{n}" for n in range(8)])
    with within(15), pytest.raises(httpcore.ConnectTimeout):
        network.connect_tcp("gateway.example.org", 443, timeout=3)
    assert len(waits) == 8
    assert waits[0] == pytest.approx(3 / 8, abs=0.1)


def test_the_second_address_is_used_if_the_first_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Backend:
        def connect_tcp(self, host: str, *args: object) -> httpcore.NetworkStream:
            asked.append(host)
            if len(asked) == 1:
                raise httpcore.ConnectError
            return httpcore.NetworkStream()

    network = deadline._Network()
    network._inner = Backend()  # type: ignore[assignment]
    monkeypatch.setattr(deadline, "_addresses", lambda host, port, until: ["2001:db8::1", "192.0.2.1"])
    with within(15):
        network.connect_tcp("gateway.example.org", 443, timeout=3)
    assert asked == ["2001:db8::1", "192.0.2.1"]
