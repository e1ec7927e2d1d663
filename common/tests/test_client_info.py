"""The client info of a request: the address behind the trusted proxies, the browser, the reference."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from common.client_info import client_info_of


def address(remote: str = "192.0.2.9", forwarded: str | None = None) -> str | None:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_info_of(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)).address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "192.0.2.9"),
        (0, "203.0.113.5", "192.0.2.9"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (2, "6.6.6.6, 203.0.113.5, 198.51.100.1", "203.0.113.5"),
        (2, "203.0.113.5", "192.0.2.9"),
        (1, "", "192.0.2.9"),
        (1, " , ", "192.0.2.9"),
        (1, None, "192.0.2.9"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "nonsense", "192.0.2.9"),
        (1, "203.0.113.5:4711", "203.0.113.5"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_only_what_a_trusted_proxy_wrote_counts(
    settings: Settings, proxies: int, forwarded: str | None, expected: str | None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address(forwarded=forwarded) == expected


@pytest.mark.parametrize("remote", ["", "unix:", "@"])
def test_a_socket_has_no_address(remote: str) -> None:
    assert address(remote=remote) is None


def test_the_browser_is_cut_to_what_the_log_holds() -> None:
    request = RequestFactory().get("/", headers={"user-agent": "x\x00y" * 500})
    assert len(client_info_of(request).browser) == 200
    assert "\x00" not in client_info_of(request).browser


def test_a_request_without_a_reference_has_an_empty_one() -> None:
    assert client_info_of(RequestFactory().get("/")).reference == ""
