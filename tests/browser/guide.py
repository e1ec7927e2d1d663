"""The steps of the paper guide, as a student with a browser and a phone takes them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.browser.authenticator import Authenticator
from tests.browser.people import PASSWORD, Person, Phone
from tests.browser.words import Words


def _nothing(heading: str) -> None:
    """Ignore the page."""


@dataclass
class Guide:
    """One method per page. Each method waits for its page, passes the heading to `look`, and leaves the page."""

    page: Page
    words: Words
    person: Person
    phone: Phone
    look: Callable[[str], None] = field(default=_nothing)

    def begin(self, next_url: str = "") -> None:
        """Open the sign-in, from a service if `next_url` is given."""
        self.page.goto(f"/sign-in/?next={next_url}" if next_url else "/sign-in/")

    def account_name(self, *, remembered: bool = False) -> None:
        """Enter the account name (E1, S1)."""
        self.is_on(self.words.log_in)
        name = self.page.get_by_label(self.words.name)
        expect(name).to_have_value(self.person.account_name if remembered else "")
        if not remembered:
            name.fill(self.person.account_name)
        self.press(self.words.next)

    def password(self) -> None:
        """Enter the password (E2, S2)."""
        self.is_on(self.words.enter_password)
        expect(self.page.get_by_role("link", name=self.words.forgotten, exact=True)).to_be_visible()
        self.page.get_by_label(self.words.password, exact=True).fill(PASSWORD)
        self.press(self.words.next)

    def more_is_needed(self) -> None:
        """Continue from the page that asks for more information (E3)."""
        self.is_on(self.words.more_needed)
        self.page.get_by_role("link", name=self.words.next, exact=True).click()

    def default_method(self) -> None:
        """Choose to set up another method than the app, which comes first (E4)."""
        self.is_on(self.words.set_up_app)
        expect(self.page.get_by_role("img")).to_be_visible()
        self.page.get_by_role("link", name=self.words.another, exact=True).click()

    def another_method(self, *, preselected: bool = True) -> None:
        """Choose the phone (E5). It is preselected for a user who has just declined the app."""
        self.is_on(self.words.choose_method)
        by_phone = self.page.get_by_label(self.words.phone, exact=True)
        expect(by_phone).to_have_accessible_description(re.compile(f"^{self.words.risk_of_sms}"))
        if preselected:
            expect(by_phone).to_be_checked()
        by_phone.check()
        self.press(self.words.next)

    def app(self) -> Authenticator:
        """Set up the app instead of the phone (E4). Return the app."""
        self.is_on(self.words.set_up_app)
        app = Authenticator(self.page.locator("#key").inner_text())
        self.app_code(app, self.words.next)
        self.is_on(self.words.app_registered)
        self.press(self.words.done)
        return app

    def app_code(self, app: Authenticator, button: str) -> None:
        """Enter the next code of the app."""
        self.page.get_by_label(self.words.app_code).fill(app.code())
        self.press(button)

    def choose_app(self) -> None:
        """Choose the app instead of the phone (E10, S3)."""
        self.is_on(self.words.choose)
        self.press(self.words.use_app)
        self.is_on(self.words.enter_code)

    def sign_in_app_code(self, app: Authenticator) -> None:
        """Sign in with a code of the app instead of a text message (E11, S4)."""
        self.choose_app()
        self.app_code(app, self.words.confirm)

    def choose_recovery_code(self) -> None:
        """Choose a recovery code because the phone is lost (S3)."""
        self.is_on(self.words.choose)
        other = self.page.get_by_role("button", name=self.words.use_recovery_code, exact=True)
        expect(other).to_be_hidden()
        self.page.get_by_text(self.words.cannot_use_phone, exact=True).click()
        other.click()
        self.is_on(self.words.enter_recovery_code)

    def recovery_code(self, code: str) -> None:
        """Enter a recovery code (S4)."""
        self.page.get_by_label(self.words.recovery_code).fill(code)
        self.press(self.words.confirm)

    def number(self, number: str = "") -> None:
        """Enter a phone number (E6). Default: the person's own number."""
        self.is_on(self.words.enter_number)
        expect(self.page.get_by_label(self.words.country_code)).to_have_value("DK")
        self.page.get_by_label(self.words.phone_number).fill(number or self.person.number)
        self.press(self.words.next)

    def enrollment_code(self) -> None:
        """Enter the enrollment code (E8)."""
        self.is_on(self.words.enter_code)
        expect(self.page.get_by_role("main")).to_contain_text(self.person.written)
        self.enter_code(self.words.next)

    def registered(self, button: str = "") -> None:
        """Confirm the end of enrollment (E9)."""
        self.is_on(self.words.registered)
        self.press(button or self.words.done)

    def choose(self) -> None:
        """Choose the phone (E10, S3)."""
        self.is_on(self.words.choose)
        self.page.get_by_text(f"{self.words.send_to} {self.person.masked}", exact=True).click()

    def sign_in_code(self) -> None:
        """Enter the sign-in code (E11, S4)."""
        self.is_on(self.words.enter_code)
        expect(self.page.get_by_role("main")).not_to_contain_text(self.person.written)
        self.enter_code(self.words.confirm)

    def stay(self, answer: str) -> None:
        """Answer the question about "remember me" (E12, S5)."""
        self.is_on(self.words.stay)
        self.press(answer)

    def sign_out(self) -> None:
        """Log out from the page of login methods."""
        self.page.goto("/security-info/")
        self.is_on(self.words.methods)
        self.press(self.words.log_out)
        self.is_on(self.words.logged_out)

    def to_app(self) -> None:
        """Walk E1 to E3."""
        self.begin()
        self.account_name()
        self.password()
        self.more_is_needed()

    def to_number(self) -> None:
        """Walk E1 to E5."""
        self.to_app()
        self.default_method()
        self.another_method()

    def to_choice(self) -> None:
        """Walk S1 and S2."""
        self.begin()
        self.account_name()
        self.password()

    def phone_by_the_guide(self) -> None:
        """Walk E3 to E11."""
        self.more_is_needed()
        self.default_method()
        self.another_method()
        self.number()
        self.enrollment_code()
        self.registered()
        self.choose()
        self.sign_in_code()

    def press(self, name: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def is_on(self, heading: str) -> None:
        """Wait for the page with this heading, and pass the heading to `look`."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.look(heading)

    def enter_code(self, button: str) -> None:
        """Enter the last requested code."""
        nth = self.phone.asked_for
        assert self.words.in_message in self.phone.text(nth)
        self.page.get_by_label(self.words.code).fill(self.phone.code(nth))
        self.press(button)


def enroll(guide: Guide) -> None:
    """Walk E1 to E12 from a service, answer Yes, and return to the service."""
    guide.begin("/help/")
    guide.account_name()
    guide.password()
    guide.phone_by_the_guide()
    guide.stay(guide.words.yes)
    _is_back(guide)


def sign_in(guide: Guide) -> None:
    """Walk S1 to S5 from a service with a remembered name, answer No, and return to the service."""
    guide.begin("/help/")
    guide.account_name(remembered=True)
    guide.password()
    guide.choose()
    guide.sign_in_code()
    guide.stay(guide.words.no)
    _is_back(guide)


def _is_back(guide: Guide) -> None:
    expect(guide.page).to_have_url(re.compile(r"/help/$"))
    expect(guide.page.get_by_role("heading", level=1)).to_have_text(guide.words.help)
