"""The HTTP gateways, each connected to a server of the test."""

from collections.abc import Iterator

import httpx
import pytest

from mfa_sms.gateways import Gateway, http
from mfa_sms.tests.gateways.cases import CASES, Case
from mfa_sms.tests.gateways.provider import Provider


@pytest.fixture(scope="package", autouse=True)
def _closed() -> Iterator[None]:
    """Close all connections after the tests of this package."""
    yield
    http.close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A server that plays the gateway."""
    server = Provider()
    yield server
    server.stop()


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """The documented answers of one gateway. A test that uses this fixture runs once for each gateway."""
    return CASES[request.param]


@pytest.fixture
def gateway(case: Case, provider: Provider) -> Gateway:
    """The gateway of the case, which accepts every message."""
    provider.replies = [case.accepted]
    return case.at(provider.host)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow a long time for each step, but a short time for the whole request."""
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(10))
    monkeypatch.setattr(http, "DEADLINE", 1.0)
