"""Two administrators disable gateways at the same moment."""

from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from helpdesk.tests.people import agent_of
from mfa_sms import gateway_control
from mfa_sms.gateway_control import GatewayRefused
from mfa_sms.models import GatewayState
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
            partial(gateway_control.disable_gateway, boss, "first", "Driftsstop", ClientInfo(), knows=False)
            for boss in bosses
        ]
        done = at_once(calls)
        assert [type(result) for result in done if result] == [GatewayRefused]
        assert events("gateway_out_of_service") == time + 1


def test_of_two_who_put_it_back_one_does_and_there_is_one_event(bosses: list[Account]) -> None:
    for time in range(10):
        GatewayState.objects.all().delete()
        gateway_control.disable_gateway(bosses[0], "first", "Driftsstop", ClientInfo(), knows=False)
        seen = gateway_control.stamp(GatewayState.objects.get(gateway="first"))
        done = at_once([partial(gateway_control.enable_gateway, boss, "first", seen, ClientInfo()) for boss in bosses])
        assert [type(result) for result in done if result] == [GatewayRefused]
        assert events("gateway_in_service") == time + 1


def test_of_two_who_take_out_one_each_the_second_is_told_that_it_is_the_last(bosses: list[Account]) -> None:
    for _time in range(10):
        GatewayState.objects.all().delete()
        pairs = zip(bosses, ("first", "second"), strict=True)
        done = at_once(
            [
                partial(gateway_control.disable_gateway, boss, slug, "x", ClientInfo(), knows=False)
                for boss, slug in pairs
            ]
        )
        assert [type(result) for result in done if result] == [GatewayRefused]
        assert GatewayState.objects.filter(out_of_service=True).count() == 1
