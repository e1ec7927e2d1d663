"""The HTTP client in cases that a server cannot cause: failures of the library, and unusual headers."""

import ssl
from collections.abc import Callable

import httpx
import pytest
import time_machine

from mfa_sms import gateways
from mfa_sms.gateways import GatewayError, GatewayFault, http
from mfa_sms.gateways.deadline import within
from mfa_sms.tests.gateways.cases import CASES, Case, message
from mfa_sms.tests.gateways.provider import Provider, Says

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Return a function that replaces the client's transport."""

    def put(answer: Answer) -> None:
        monkeypatch.setattr(http, "_client", httpx.Client(transport=httpx.MockTransport(answer)))

    return put


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (httpx.ConnectError, GatewayFault.UNAVAILABLE),
        (httpx.ConnectTimeout, GatewayFault.UNAVAILABLE),
        (httpx.PoolTimeout, GatewayFault.UNAVAILABLE),
        (httpx.ReadTimeout, GatewayFault.UNKNOWN),
        (httpx.WriteTimeout, GatewayFault.UNKNOWN),
        (httpx.ReadError, GatewayFault.UNKNOWN),
        (httpx.WriteError, GatewayFault.UNKNOWN),
        (httpx.RemoteProtocolError, GatewayFault.UNKNOWN),
        (UnicodeError, GatewayFault.UNKNOWN),
        (ssl.SSLError, GatewayFault.UNKNOWN),
    ],
)
def test_each_failure_is_our_fault_by_whether_the_request_can_have_left(
    case: Case, answering: Callable[[Answer], None], error: type[Exception], fault: GatewayFault
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error(f"{request.url} failed")

    answering(fail)
    with pytest.raises(GatewayError) as caught:
        case.at("127.0.0.1:1").send(message())
    assert caught.value.fault is fault
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "url",
    [
        "gatewayapi://t@messaging.gatewayapi.eu",
        "twilio://a:t@api.twilio.com?from=KU-IT",
        "kannel://u:p@sms.example.org:8443?tls=1",
    ],
)
def test_what_leaves_this_machine_is_encrypted(answering: Callable[[Answer], None], url: str) -> None:
    seen: list[httpx.URL] = []

    def look(request: httpx.Request) -> httpx.Response:
        seen.append(request.url)
        return httpx.Response(500)

    answering(look)
    with pytest.raises(GatewayError):
        gateways.from_url(url).send(message())
    assert [(url.scheme, url.host) for url in seen] == [
        ("https", url.split("@")[1].partition("?")[0].partition(":")[0])
    ]


def test_a_server_that_speaks_no_tls_is_unavailable(provider: Provider) -> None:
    provider.replies = [Says(200)]
    with pytest.raises(GatewayError) as caught:
        http.exchange("GET", f"https://{provider.host}/", lambda answer: (None, ""))
    assert caught.value.fault is GatewayFault.UNAVAILABLE
    assert provider.sent == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        ("99999", http.RETRY_AFTER_MAX),
        ("9" * 5000, http.RETRY_AFTER_MAX),
        ("Tue, 01 Sep 2026 08:01:00 GMT", 60),
        ("Tue, 01 Sep 2026 08:01:00", 60),
        ("Tue, 01 Sep 2026 07:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", http.RETRY_AFTER_MAX),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_how_long_a_gateway_asks_to_be_left_alone(
    answering: Callable[[Answer], None], header: str, seconds: int | None
) -> None:
    headers = {b"Retry-After": header.encode()}
    answering(lambda request: httpx.Response(429, headers=headers, stream=httpx.ByteStream(b"")))
    with time_machine.travel("2026-09-01T08:00:00Z", tick=False), pytest.raises(GatewayError) as caught:
        CASES["kannel"].at("127.0.0.1:1").send(message())
    assert caught.value.retry_after == seconds


def test_nothing_is_begun_after_the_deadline() -> None:
    with within(0), pytest.raises(httpx.ConnectTimeout):
        http._shared().get("http://127.0.0.1:1/")


def test_an_error_in_a_log_is_its_fault_and_code() -> None:
    assert str(GatewayError(GatewayFault.REJECTED)) == "rejected"
    assert str(GatewayError(GatewayFault.REJECTED, "21408")) == "rejected (21408)"


@pytest.mark.parametrize("code", ["to +4526123478", "738291", "x" * 33, "æ", "a\nb"])
def test_what_is_no_code_is_not_kept(code: str) -> None:
    assert GatewayError(GatewayFault.REJECTED, code).code == ""


def test_the_client_waits_as_long_as_it_says() -> None:
    assert http.TIMEOUT.as_dict() == {"connect": 3, "read": 10, "write": 10, "pool": 3}
    assert http.DEADLINE == 15
