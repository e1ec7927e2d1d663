"""From Microsoft Entra to the portal and back, in a browser."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.guide import Guide
from tests.browser.people import People, Phone, Student
from tests.browser.visitor import Visitor
from tests.browser.words import DANISH
from tests.entra.live import Live, LiveProcess
from tests.interface import in_da

MakeTraveller = Callable[..., "Traveller"]


class Traveller(Visitor):
    """A visitor who comes from the tenant. The browser may also send requests to the tenant."""

    def __init__(self, chromium: Browser, live: Live, javascript: bool = True) -> None:
        self.live = live
        super().__init__(chromium, live.portal.url, javascript)

    def leave_for_the_portal(self, name: str, hint: str = "") -> None:
        """Open the tenant, which sends the visitor to the portal."""
        self.page.goto(self.live.server.start(name, hint))
        self.go_on("Continue")

    def go_on(self, button: str) -> None:
        """Without scripts, click the button that a script would submit."""
        if not self.javascript:
            self.press(button)

    def is_told(self, heading: str) -> None:
        """Wait for the tenant's last page, with this heading."""
        expect(self.page).to_have_url(f"{self.live.server.entra.redirect_uri}")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.live.server.url).netloc:
            super()._request(request)


@pytest.fixture(scope="module")
def live(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Yield the running portal and the tenant."""
    process = LiveProcess(tmp_path_factory.mktemp("entra"))
    yield process.start()
    assert process.stop() == 0


@pytest.fixture(scope="module")
def everybody(live: Live) -> People:
    """Return the people of that portal."""
    return People(live.env)


@pytest.fixture(params=[True, False], ids=["danish", "without scripts"])
def travel(request: pytest.FixtureRequest, chromium: Browser, live: Live) -> Iterator[Callable[[], Traveller]]:
    """Yield a function that opens a browser. Afterwards, fail if any of these browsers has complaints."""
    opened: list[Traveller] = []

    def open_browser() -> Traveller:
        opened.append(Traveller(chromium, live, request.param))
        return opened[-1]

    yield open_browser
    complaints = [complaint for traveller in opened for complaint in traveller.close()]
    assert not complaints, "\n".join(complaints)


def guide_of(traveller: Traveller, person: Student) -> Guide:
    """Return a guide for this person, for the traveller's browser."""
    phone = Phone(traveller.live.portal.var, person.e164)
    return Guide(traveller.page, DANISH, person, phone, look=lambda heading: traveller.look())


def test_an_enrolled_student_confirms_by_sms_and_goes_back(travel: Callable[[], Traveller], everybody: People) -> None:
    traveller, person = travel(), everybody.enrolled()
    steps = guide_of(traveller, person)
    traveller.leave_for_the_portal(person.account_name)
    expect(traveller.page.get_by_role("main")).to_contain_text("Microsoft 365")
    steps.choose()
    steps.sign_in_code()
    traveller.go_on(in_da("Continue"))
    traveller.is_told(f"Signed in as {person.account_name}")


def test_a_student_without_a_method_enrolls_by_the_guide_and_goes_back(
    travel: Callable[[], Traveller], everybody: People
) -> None:
    traveller, person = travel(), everybody.student()
    steps = guide_of(traveller, person)
    traveller.leave_for_the_portal(person.account_name)
    steps.phone_by_the_guide()
    traveller.go_on(in_da("Continue"))
    traveller.is_told(f"Signed in as {person.account_name}")


def test_whom_the_portal_does_not_know_reads_why_and_goes_back(travel: Callable[[], Traveller]) -> None:
    traveller = travel()
    traveller.leave_for_the_portal("nob999@alumni.ku.dk")
    expect(traveller.page.get_by_role("main")).to_contain_text("35 32 32 32")
    traveller.look()
    traveller.press(traveller.page.locator("main form button").inner_text())
    traveller.go_on(in_da("Continue"))
    traveller.is_told("Refused: error: access_denied")


def test_a_hint_that_is_too_old_ends_on_a_page_of_the_portal(
    travel: Callable[[], Traveller], everybody: People
) -> None:
    traveller = travel()
    traveller.leave_for_the_portal(everybody.enrolled().account_name, hint="old")
    traveller.sees(in_da("Start again"))


def test_the_back_button_from_the_tenant_leads_to_a_page(travel: Callable[[], Traveller], everybody: People) -> None:
    traveller, person = travel(), everybody.enrolled()
    steps = guide_of(traveller, person)
    traveller.leave_for_the_portal(person.account_name)
    handle = "/sign-in/verify/"
    steps.choose()
    steps.sign_in_code()
    traveller.go_on(in_da("Continue"))
    traveller.is_told(f"Signed in as {person.account_name}")
    traveller.open(handle)
    traveller.sees(in_da("Log in"))
