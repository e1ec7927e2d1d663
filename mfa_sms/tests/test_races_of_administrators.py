"""Two administrators take gateways out of service in the same moment."""

from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import Account, SecurityEvent
from accounts.origin import Origin
from accounts.tests.helpdesk.people import agent_of
from mfa_sms import service
from mfa_sms.models import GatewayState
from mfa_sms.service import GatewayRefused
from mfa_sms.tests.fakes import FakeGateway, use
from mfa_sms.tests.races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


@pytest.fixture(autouse=True)
def _two_gateways(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeGateway("first"), FakeGateway("second"))


@pytest.fixture
def bosses() -> list[Account]:
    return [agent_of("Administrator", "adm111"), agent_of("Administrator", "adm222")]


def events(kind: str) -> int:
    return SecurityEvent.objects.filter(kind=kind).count()


def test_of_two_who_take_the_same_gateway_out_one_does_and_there_is_one_event(bosses: list[Account]) -> None:
    for time in range(10):
        GatewayState.objects.all().delete()
        calls: list[Callable[[], object]] = [
            partial(service.take_out, boss, "first", "Driftsstop", Origin(), knows=False) for boss in bosses
        ]
        done = at_once(calls)
        assert [type(result) for result in done if result] == [GatewayRefused]
        assert events("gateway_rested") == time + 1


def test_of_two_who_put_it_back_one_does_and_there_is_one_event(bosses: list[Account]) -> None:
    for time in range(10):
        GatewayState.objects.all().delete()
        service.take_out(bosses[0], "first", "Driftsstop", Origin(), knows=False)
        seen = service.stamp(GatewayState.objects.get(gateway="first"))
        done = at_once([partial(service.put_back, boss, "first", seen, Origin()) for boss in bosses])
        assert [type(result) for result in done if result] == [GatewayRefused]
        assert events("gateway_back") == time + 1


def test_of_two_who_take_out_one_each_the_second_is_told_that_it_is_the_last(bosses: list[Account]) -> None:
    for _time in range(10):
        GatewayState.objects.all().delete()
        pairs = zip(bosses, ("first", "second"), strict=True)
        done = at_once([partial(service.take_out, boss, slug, "x", Origin(), knows=False) for boss, slug in pairs])
        assert [type(result) for result in done if result] == [GatewayRefused]
        assert GatewayState.objects.filter(rests=True).count() == 1
