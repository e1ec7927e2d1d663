"""Which URLs configure a gateway, and the errors for those that do not."""

import pytest
from django.core.checks import CheckMessage
from pytest_django.fixtures import Settings

from mfa_sms import gateways
from mfa_sms.checks import gateways_are_known
from mfa_sms.gateways import BadGatewayUrl
from mfa_sms.gateways.urls import GatewayUrl


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("gatewayapi://messaging.gatewayapi.eu", "token"),
        ("gatewayapi://s3cret:s3cret@messaging.gatewayapi.eu", "password"),
        ("gatewayapi://s3cret@", "host"),
        ("gatewayapi://s3cret@host?secret=", "secret"),
        ("gatewayapi://s3cret@host?secret=s3cret&secret=s3cret", "secret"),
        ("gatewayapi://s3cret@host?s3cret=1", "unknown option"),
        ("gatewayapi://s3cret@host?s3cret", "unknown option"),
        ("gatewayapi://s3cret@host/s3cret", "options"),
        ("gatewayapi://s3cret@host#s3cret", "options"),
        ("gatewayapi://s3cret#s3cret@host", "options"),
        ("gatewayapi://s3cret%0Ax@host", "ASCII"),
        ("gatewayapi://s3cret%C3%A6@host", "ASCII"),
        ("gatewayapi://s3cret@host:s3cret", "percent-encode"),
        ("gatewayapi://s3cret@[host", "percent-encode"),
        ("gatewayapi://s3cret\u2100@host", "percent-encode"),
        ("gatewayapi://s3cret@host?name=S3cret", "name"),
        ("gatewayapi://s3cret@host?name=" + "x" * 33, "name"),
        ("twilio://:s3cret@api.twilio.com?from=1", "SID"),
        ("twilio://s3cret@api.twilio.com?from=1", "token"),
        ("twilio://s3cret:s3cret@api.twilio.com", "from and service"),
        ("twilio://s3cret:s3cret@api.twilio.com?from=s3cret&service=s3cret", "from and service"),
        ("kannel://:s3cret@127.0.0.1", "user"),
        ("kannel://s3cret@127.0.0.1", "password"),
        ("kannel://s3cret:s3cret@sms.example.org", "TLS"),
        ("kannel://s3cret:s3cret@127.0.0.2", "TLS"),
        ("kannel://s3cret:s3cret@sms.example.org?tls=0", "TLS"),
        ("s3cret@messaging.gatewayapi.eu", "no scheme"),
        ("carrier://s3cret@host", "carrier"),
    ],
)
def test_what_is_wrong_is_named_without_what_stands_there(settings: Settings, url: str, word: str) -> None:
    with pytest.raises(BadGatewayUrl) as caught:
        gateways.from_url(url)
    assert word in str(caught.value)
    assert "s3cret" not in f"{caught.value!r} {caught.value.__context__!r}"
    settings.SMS_GATEWAYS = [url]
    assert "s3cret" not in repr(gateways_are_known())


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("gatewayapi://t@messaging.gatewayapi.eu", "https://messaging.gatewayapi.eu"),
        ("gatewayapi://t@messaging.gatewayapi.com/", "https://messaging.gatewayapi.com"),
        ("kannel://u:p@sms.example.org:8443?tls=1", "https://sms.example.org:8443"),
        ("kannel://u:p@127.0.0.1:13013", "http://127.0.0.1:13013"),
        ("kannel://u:p@LOCALHOST:13013", "http://localhost:13013"),
        ("kannel://u:p@[::1]:13013?tls=1", "http://[::1]:13013"),
        ("twilio://a:t@127.0.0.1.example.org?from=1234", "https://127.0.0.1.example.org"),
    ],
)
def test_only_what_stays_on_this_machine_is_plain(url: str, base: str) -> None:
    assert vars(gateways.from_url(url))["base"] == base


def test_credentials_are_percent_decoded_and_a_plus_is_a_plus() -> None:
    parts = GatewayUrl.parse("twilio://a%40b:p%2Fq%3F+r@host?from=+45%2012", ["from"])
    assert (parts.user, parts.password, parts.options["from"]) == ("a@b", "p/q?+r", "+45 12")
    assert "p/q" not in repr(parts)


def test_two_of_a_kind_have_names_of_their_own(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["kannel://u:p@127.0.0.1:1", "kannel://u:p@127.0.0.1:2?name=kannel-2", "console://"]
    assert [gateway.slug for gateway in gateways.configured()] == ["kannel", "kannel-2", "console"]
    second = gateways.by_slug("kannel-2")
    assert second is not None
    assert vars(second)["base"] == "http://127.0.0.1:2"
    assert gateways.by_slug("twilio") is None
    assert ids() == []


def test_the_same_url_is_the_same_gateway() -> None:
    url = "kannel://u:p@127.0.0.1:1"
    assert gateways.from_url(url) is gateways.from_url(url)


def test_two_gateways_of_the_same_name_are_an_error(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["kannel://u:s3cret@127.0.0.1:1", "kannel://u:s3cret@127.0.0.1:2"]
    assert ids() == ["mfa_sms.E007"]
    assert "s3cret" not in repr(gateways_are_known())


def test_a_gateway_whose_receipts_cannot_be_verified_is_warned_of(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["gatewayapi://s3cret@messaging.gatewayapi.eu"]
    assert ids() == ["mfa_sms.W008"]
    settings.SMS_GATEWAYS = ["gatewayapi://s3cret@messaging.gatewayapi.eu?secret=w3bhook"]
    assert ids() == []


def test_each_bad_url_is_an_error_with_its_place(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["console://", "carrier://x", "kannel://x"]
    assert ids() == ["mfa_sms.E002", "mfa_sms.E002"]
    assert ["entry 2" in found[0].msg and "entry 3" in found[1].msg for found in [gateways_are_known()]] == [True]


def ids() -> list[str | None]:
    """Return the ids of the messages of the system check."""
    found: list[CheckMessage] = gateways_are_known()
    return [message.id for message in found]
