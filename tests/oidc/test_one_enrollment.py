"""A student enrolls one phone once, and signs in everywhere: at services behind Apache, and at Microsoft."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from sign_in import journeys
from tests.apache import INSTALLED, MISSING, Apache
from tests.browser.guide import Guide
from tests.browser.people import PATIENCE, People, Phone, Student, ask_database
from tests.browser.words import DANISH
from tests.entra.live import Live, LiveProcess
from tests.oidc.conftest import LIBRARY, MAIL, claim, is_at, names, register

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not INSTALLED, reason=MISSING),
]

_DEVICES = ("mfa_sms_smsdevice", "mfa_totp_authenticatorapp", "mfa_recovery_recoverydevice", "mfa_pass_accesspass")


@pytest.fixture(scope="module")
def live(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Yield a portal with services behind Apache, and with a tenant of Entra."""
    process = LiveProcess(tmp_path_factory.mktemp("everywhere"))
    live = process.start()
    apache = Apache()
    try:
        register(live.env, [MAIL, LIBRARY])
        apache.start({service: service.directives(live.portal.url) for service in (MAIL, LIBRARY)})
        yield live
    finally:
        apache.stop()
        process.stop()


@pytest.fixture(scope="module")
def person(live: Live) -> Student:
    """Return a student without a login method."""
    return People(live.env).student()


@dataclass
class Seat:
    """One browser of a student. `enrolling` lists the enrollment pages that it visited."""

    live: Live
    page: Page
    guide: Guide
    enrolling: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        """Record the path of a page that belongs to an enrollment."""
        _handle, path = journeys.split(urlsplit(request.url).path)
        if request.is_navigation_request() and path.startswith("/enroll/"):
            self.enrolling.append(path)

    def goes_to_microsoft(self) -> None:
        """Start at the tenant, verify with the phone, and wait for the tenant's page that names the user."""
        entra, name = self.live.server, self.guide.person.account_name
        self.page.goto(entra.start(name))
        expect(self.page.get_by_role("main")).to_contain_text("Microsoft 365")
        self.guide.choose()
        self.guide.sign_in_code()
        expect(self.page).to_have_url(entra.entra.redirect_uri)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Signed in as {name}")

    def devices(self) -> list[str]:
        """Return the table name of each device of the student."""
        owned = "SELECT count(*) FROM {table} JOIN accounts_account ON accounts_account.id = user_id WHERE username = ?"
        rows = [(table, owned.format(table=table)) for table in _DEVICES]
        var, username = self.live.portal.var, self.guide.person.username
        return [table for table, query in rows for _ in range(ask_database(var, query, username)[0][0])]


@pytest.fixture
def seats(chromium: Browser, live: Live, person: Student) -> Iterator[list[Seat]]:
    """Yield two browsers of the student. The second one was never used before."""
    opened = []
    for _browser in range(2):
        context = chromium.new_context(locale="da-DK", base_url=live.portal.url)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        seat = Seat(live, page, Guide(page, DANISH, person, Phone(live.portal.var, person.e164)))
        context.on("request", seat.note)
        opened.append(seat)
    yield opened
    for seat in opened:
        seat.page.context.close()


def test_who_has_enrolled_once_is_signed_in_everywhere(seats: list[Seat]) -> None:
    first, second = seats
    page, guide = first.page, first.guide
    assert first.devices() == []

    page.goto(MAIL.url)
    names(page, MAIL)
    guide.account_name()
    names(page, MAIL)
    guide.password()
    guide.phone_by_the_guide()
    guide.stay("Ja")
    is_at(page, MAIL)
    assert claim(page, "preferred_username") == guide.person.account_name
    assert claim(page, "email") == guide.person.mail_address
    assert claim(page, "eduperson_affiliation") == "student,member"
    assert claim(page, "acr") == "https://refeds.org/profile/mfa"
    assert claim(page, "amr") == "pwd,sms,mfa"
    subject, codes = claim(page, "sub"), guide.phone.asked_for
    assert first.devices() == ["mfa_sms_smsdevice"]
    assert first.enrolling
    first.enrolling.clear()

    for seat in seats:
        seat.goes_to_microsoft()
        codes += 1
        assert guide.phone.asked_for == codes

    page.goto(LIBRARY.url)
    is_at(page, LIBRARY)
    assert claim(page, "sub") == subject
    assert guide.phone.asked_for == codes

    assert first.enrolling == second.enrolling == []
    assert first.devices() == ["mfa_sms_smsdevice"]
