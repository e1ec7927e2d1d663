"""The gateways, each talking to a server of the test's own."""

from collections.abc import Iterator

import httpx
import pytest

from mfa_sms.gateways import Gateway, http
from mfa_sms.tests.gateways.cases import CASES, Case
from mfa_sms.tests.gateways.provider import Provider


@pytest.fixture(scope="package", autouse=True)
def _closed() -> Iterator[None]:
    """Leave no connection open."""
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
    """What one gateway documents; a test that takes this runs once for each."""
    return CASES[request.param]


@pytest.fixture
def gateway(case: Case, provider: Provider) -> Gateway:
    """The case's gateway, which accepts whatever it is sent."""
    provider.replies = [case.accepted]
    return case.at(provider.host)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step may take long, all of them together may not."""
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(10))
    monkeypatch.setattr(http, "DEADLINE", 1.0)
