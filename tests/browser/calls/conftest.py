"""A portal with two gateways, each with an operator, a helpdesk agent, and the administrator."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.calls.desk import Desk
from tests.browser.calls.operator import Operator
from tests.browser.conftest import MakeVisitor
from tests.browser.people import People
from tests.browser.portal import Portal, PortalProcess
from tests.browser.staff import sign_in_staff
from tests.browser.visitor import Visitor

MakeDesk = Callable[[str], Desk]
AGENT, ADMINISTRATOR = "lad659", "jos118"


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """Yield the operator behind the first gateway."""
    server = Operator(tmp_path_factory.mktemp("operator") / "messages.jsonl", "gatewayapi")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def reserve(operator: Operator) -> Iterator[Operator]:
    """Yield the operator behind the second gateway. A number that does not exist is unknown to both."""
    server = Operator(operator.phones.path, "reserve")
    server.unknown = operator.unknown
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def portal_process(chromium_path: str, operator: Operator, reserve: Operator) -> PortalProcess:
    """Return the portal of these tests. Both gateways deliver messages to the same file."""
    return PortalProcess(operator.phones.path.parent, {"SMS_GATEWAYS": f"{operator.url},{reserve.url}"})


@pytest.fixture(scope="module")
def portal(portal_process: PortalProcess, operator: Operator, reserve: Operator) -> Iterator[Portal]:
    """Yield the running portal."""
    running = portal_process.start()
    operator.portal = reserve.portal = running.url
    yield running
    assert portal_process.stop() == 0, portal_process.output.read_text()


@pytest.fixture(scope="module")
def people(portal: Portal, portal_process: PortalProcess) -> People:
    """Return people for these tests. Each person is used by one test only."""
    return People(portal_process.env)


@pytest.fixture(scope="module")
def cookies(chromium: Browser, portal: Portal) -> Callable[[str], list[Any]]:
    """Return a function that signs a member of staff in once, and returns the cookies of their browser."""
    kept: dict[str, list[Any]] = {}

    def of(username: str) -> list[Any]:
        if username not in kept:
            visitor = Visitor(chromium, portal.url)
            sign_in_staff(visitor, username, portal.static_codes(username)[0])
            kept[username] = list(visitor.context.cookies())
            assert not visitor.close()
        return kept[username]

    return of


@pytest.fixture
def open_desk(visit: MakeVisitor, cookies: Callable[[str], list[Any]]) -> MakeDesk:
    """Return a function that opens the admin for a member of staff."""

    def open_for(username: str) -> Desk:
        visitor = visit()
        visitor.context.add_cookies(cookies(username))
        return Desk(visitor)

    return open_for


@pytest.fixture
def desk(open_desk: MakeDesk) -> Desk:
    """Return the agent's desk, with the admin open."""
    return open_desk(AGENT)
