"""The portal, the students and the browser that these tests share. All of them are marked `browser`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.guide import Guide
from tests.browser.mailbox import Mailbox
from tests.browser.people import Employee, People, Person, Phone, Student
from tests.browser.portal import Portal, PortalProcess
from tests.browser.visitor import Visitor
from tests.browser.words import DANISH, ENGLISH, Words

MakeVisitor = Callable[..., Visitor]
MakeGuide = Callable[..., Guide]
MakeMailbox = Callable[[Person], Mailbox]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the path of Chromium. Skip the test if Chromium does not exist."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium; CHROMIUM says where it is")
    return path


# Not for the whole session: Playwright leaves an event loop in the thread, and Django refuses its database there.
@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """Yield a running Chromium."""
    with sync_playwright() as playwright:
        headed = os.environ.get("HEADED") == "1"  # to watch a test, slowed down so that it is visible
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=ARGUMENTS, headless=not headed, slow_mo=250 if headed else None
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def portal_process(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> PortalProcess:
    """Return the portal of this run, not started yet."""
    return PortalProcess(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="session")
def portal(portal_process: PortalProcess) -> Iterator[Portal]:
    """Yield the running portal."""
    yield portal_process.start()
    assert portal_process.stop() == 0, portal_process.output.read_text()


@pytest.fixture(scope="session")
def administrators_cookies() -> list[Any]:
    """Return the cookies of the administrator's browser, empty until the first sign-in.

    Tests share them, because the portal prints fewer codes than the tests need.
    """
    return []


@pytest.fixture(scope="session")
def people(portal: Portal, portal_process: PortalProcess) -> People:
    """Return people for all tests. Each person is used by one test only."""
    return People(portal_process.env)


@pytest.fixture
def student(people: People) -> Student:
    """Return a student without a login method."""
    return people.student()


@pytest.fixture
def enrolled(people: People) -> Student:
    """Return a student with a registered phone."""
    return people.enrolled()


@pytest.fixture
def employee(people: People) -> Employee:
    """Return an employee without a login method."""
    return people.employee()


@pytest.fixture
def visit(chromium: Browser, portal: Portal) -> Iterator[MakeVisitor]:
    """Yield a function that opens a browser. Afterwards, fail if any of these browsers has complaints."""
    visitors: list[Visitor] = []

    def open_browser(javascript: bool = True) -> Visitor:
        visitors.append(Visitor(chromium, portal.url, javascript))
        return visitors[-1]

    yield open_browser
    complaints = [complaint for visitor in visitors for complaint in visitor.close()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def visitor(visit: MakeVisitor) -> Visitor:
    """Return a visitor with a browser."""
    return visit()


@pytest.fixture(params=[(DANISH, True), (ENGLISH, True), (DANISH, False)], ids=["danish", "english", "without scripts"])
def manner(request: pytest.FixtureRequest) -> tuple[Words, bool]:
    """Return the language, and whether scripts run.

    A test that uses this fixture, directly or through another fixture, runs once for each manner.
    """
    chosen: tuple[Words, bool] = request.param
    return chosen


@pytest.fixture
def words(manner: tuple[Words, bool]) -> Words:
    """Return the words of the pages."""
    return manner[0]


@pytest.fixture
def arrive(visit: MakeVisitor, manner: tuple[Words, bool]) -> MakeVisitor:
    """Return a function that opens a browser in this manner."""
    words, javascript = manner

    def open_browser() -> Visitor:
        visitor = visit(javascript)
        if words.language != visitor.language:
            visitor.open("/sign-in/")
            visitor.speak(words.language)
        return visitor

    return open_browser


@pytest.fixture
def guide(visitor: Visitor, portal: Portal) -> MakeGuide:
    """Return a function that creates a guide for a person, in Danish, or in English if the visitor uses English."""

    def hand_over(person: Person, someone: Visitor | None = None) -> Guide:
        who = someone or visitor
        words: Words = ENGLISH if who.language == "en" else DANISH
        return Guide(who.page, words, person, Phone(portal.var, person.e164), look=lambda heading: who.look())

    return hand_over


@pytest.fixture
def mailbox(portal: Portal) -> MakeMailbox:
    """Return a function that opens a person's mailbox."""
    return lambda person: Mailbox(portal.var, person.mail_address)
