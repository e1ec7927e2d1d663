"""Options of a gateway's URL decide which messages it gets: countries, cost, weight and rate."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber
from pytest_django.fixtures import Settings

from kumfa.settings.messages import gateway_urls
from mfa_sms import checks, delivery, gateways, pacing, routing, sweep
from mfa_sms.gateways import BadGatewayUrl, Route
from mfa_sms.gateways.routing import split_route
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.helpers import Clock, queued

Status = TextMessage.Status
FIRST, SECOND, THIRD = FakeGateway("first"), FakeGateway("second"), FakeGateway("third")


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Route]:
    """The routes of the three gateways, by name."""
    found: dict[str, Route] = {}
    monkeypatch.setattr(gateways, "route_of", lambda gateway: found.get(gateway.slug, Route()))
    use(monkeypatch, FIRST, SECOND, THIRD)
    for gateway in (FIRST, SECOND, THIRD):
        gateway.sent.clear()
    return found


def order(region: str = "DK") -> list[str]:
    return [gateway.slug for gateway in routing.preferred([FIRST, SECOND, THIRD], region)]


def test_the_options_are_read_and_taken_off_the_url() -> None:
    url = "gatewayapi://t0ken@host?rate=20&secret=s&weight=3&countries=DK,SE&cost=0.35&name=x"
    rest, route = split_route(url)
    assert rest == "gatewayapi://t0ken@host?secret=s&name=x"
    assert route == Route(20.0, 3, frozenset({"DK", "SE"}), Decimal("0.35"))
    assert split_route("kannel://u:p@host") == ("kannel://u:p@host", Route())
    assert split_route("kannel://u:p@host?rate=0.5")[0] == "kannel://u:p@host"


@pytest.mark.parametrize(
    "option",
    [
        *("rate=0", "rate=x", "rate=-1", "rate=1e9", "rate=", "rate=2000"),
        *("weight=0", "weight=1.5", "weight=", "weight=99999"),
        *("countries=dk", "countries=", "countries=DK,", "countries=UK", "countries=DK,DK1"),
        *("cost=x", "cost=-1", "cost=NaN", "rate=1&rate=2"),
    ],
)
def test_a_bad_option_is_named(option: str) -> None:
    with pytest.raises(BadGatewayUrl, match=option.partition("=")[0]):
        gateways.from_url(f"gatewayapi://t@host?{option}")


def test_the_commas_of_countries_separate_no_urls() -> None:
    given = "gatewayapi://t@a?countries=DK,SE&rate=2,kannel://u:p@127.0.0.1?countries=NO,FI, twilio://x,SE"
    assert gateway_urls(given.split(",")) == [
        "gatewayapi://t@a?countries=DK,SE&rate=2",
        "kannel://u:p@127.0.0.1?countries=NO,FI",
        "twilio://x",
        "SE",
    ]


def test_without_options_the_order_is_that_of_the_settings(routes: dict[str, Route]) -> None:
    assert order() == ["first", "second", "third"]


def test_a_gateway_gets_the_countries_of_its_list(routes: dict[str, Route]) -> None:
    routes["first"] = Route(countries=frozenset({"SE", "NO"}))
    assert order() == ["second", "third"]
    assert order("SE") == ["first", "second", "third"]


def test_the_cheaper_gateway_comes_first(routes: dict[str, Route]) -> None:
    routes |= {"first": Route(cost=Decimal("0.40")), "third": Route(cost=Decimal("0.3"))}
    assert order() == ["third", "first", "second"]


def test_messages_are_shared_in_proportion_to_the_weights(routes: dict[str, Route]) -> None:
    routes |= {"first": Route(weight=3), "second": Route(weight=1), "third": Route(weight=1)}
    draw = Random(7).random
    first = Counter(routing.preferred([FIRST, SECOND, THIRD], "DK", draw)[0].slug for _ in range(2000))
    assert 1100 < first["first"] < 1300
    assert 340 < first["second"] < 460


def test_a_country_without_a_gateway_is_an_error(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["gatewayapi://t@host?secret=s&countries=DK,SE"]
    settings.SMS_COUNTRIES = ["DK", "NO"]
    (error,) = checks.every_country_has_a_gateway()
    assert (error.id, "NO" in error.msg, "DK" in error.msg) == ("mfa_sms.E009", True, False)
    settings.SMS_COUNTRIES = ["DK"]
    assert checks.every_country_has_a_gateway() == []


def test_a_message_to_another_country_goes_through_its_gateway(phone: SmsDevice, routes: dict[str, Route]) -> None:
    routes |= {"first": Route(countries=frozenset({"SE"})), "second": Route(countries=frozenset({"DK"}))}
    delivery.deliver(queued(phone).pk)
    phone.number = PhoneNumber.from_string("+46701234567")
    phone.save()
    delivery.deliver(queued(phone).pk)
    assert (len(FIRST.sent), len(SECOND.sent), len(THIRD.sent)) == (1, 1, 0)


def test_a_gateway_gets_no_more_than_its_rate(clock: Clock, db: None) -> None:
    begin = timezone.now()
    slots = [pacing.take_slot("first", 20, begin + timedelta(seconds=1)) for _ in range(30)]
    assert slots[0] == begin
    assert slots[20] == begin + timedelta(seconds=1)
    assert slots[21:] == [None] * 9
    clock.forward(60)
    assert pacing.take_slot("first", 20, timezone.now()) == timezone.now()


@pytest.mark.usefixtures("no_pauses")
def test_a_burst_of_300_is_sent_in_15_seconds_at_20_a_second(
    clock: Clock, phone: SmsDevice, routes: dict[str, Route], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, FIRST)
    routes["first"] = Route(rate=20)
    one = queued(phone)
    TextMessage.objects.filter(pk=one.pk).update(purpose=TextMessage.NOTICE, notice="device_added")
    fields = {"number": one.number, "expires_at": one.expires_at, "language": "da", "account": phone.user}
    ids = [one.pk]
    for _ in range(59):
        ids.append(TextMessage.objects.create(device=phone, challenge=one.challenge, purpose="sign_in", **fields).pk)
    for message_id in ids[1:]:
        delivery.deliver(message_id)
    now, later = len(FIRST.sent), TextMessage.objects.filter(error=delivery.RESERVED).count()
    assert (now + later, now <= 12) == (59, True)
    sent_by_second: list[int] = []
    for _ in range(3):
        clock.forward(1)
        sweep.sweep_messages()
        sent_by_second.append(len(FIRST.sent) - now - sum(sent_by_second))
    assert max(sent_by_second) <= 21
    assert len(FIRST.sent) >= 59
    assert not TextMessage.objects.filter(status=Status.FAILED).exists()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a gateway's rate takes no time."""
    monkeypatch.setattr(delivery, "time", type("Time", (), {"sleep": staticmethod(lambda seconds: None)}))


@pytest.mark.usefixtures("no_pauses")
def test_what_one_gateway_may_not_take_now_goes_to_the_next(
    clock: Clock, phone: SmsDevice, routes: dict[str, Route]
) -> None:
    routes["first"] = Route(rate=1)
    for _ in range(5):
        delivery.deliver(queued(phone).pk)
    assert (len(FIRST.sent), len(SECOND.sent)) == (1, 4)
