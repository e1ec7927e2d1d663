"""The paper guide, step by step, as a student with a browser and a phone walks it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.browser.authenticator import Authenticator
from tests.browser.people import PASSWORD, Phone, Student


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    language: str
    log_in: str
    name: str
    next: str
    enter_password: str
    password: str
    forgotten: str
    more_needed: str
    set_up_app: str
    app_code: str
    app_registered: str
    use_app: str
    another: str
    choose_method: str
    phone: str
    enter_number: str
    country_code: str
    phone_number: str
    enter_code: str
    code: str
    registered: str
    done: str
    choose: str
    send_to: str
    confirm: str
    stay: str
    yes: str
    no: str
    help: str
    methods: str
    log_out: str
    logged_out: str
    in_message: str


DANISH = Words(
    language="da",
    log_in="Log ind",
    name="KU-brugernavn",
    next="Næste",
    enter_password="Indtast din adgangskode",
    password="Adgangskode",
    forgotten="Jeg har glemt min adgangskode",
    more_needed="Beskyt dit KU-login",
    set_up_app="Sæt en authenticator-app op",
    app_code="Kode fra appen",
    app_registered="Appen er nu registreret",
    use_app="Brug koden fra din authenticator-app",
    another="Jeg vil konfigurere en anden metode",
    choose_method="Vælg en metode",
    phone="Telefon",
    enter_number="Indtast dit mobilnummer",
    country_code="Landekode",
    phone_number="Telefonnummer",
    enter_code="Indtast koden",
    code="Kode fra sms",
    registered="Telefonen er nu registreret",
    done="Udført",
    choose="Bekræft, at det er dig",
    send_to="Send sms til",
    confirm="Bekræft",
    stay="Vil du forblive logget ind på denne enhed?",
    yes="Ja",
    no="Nej",
    help="Hjælp til login",
    methods="Dine loginmetoder",
    log_out="Log ud",
    logged_out="Du er logget ud",
    in_message="er din engangskode",
)

ENGLISH = Words(
    language="en",
    log_in="Log in",
    name="UCPH username",
    next="Next",
    enter_password="Enter your password",
    password="Password",
    forgotten="I have forgotten my password",
    more_needed="Protect your UCPH login",
    set_up_app="Set up an authenticator app",
    app_code="Code from the app",
    app_registered="The app is now registered",
    use_app="Use the code from your authenticator app",
    another="I want to set up a different method",
    choose_method="Choose a method",
    phone="Phone",
    enter_number="Enter your mobile number",
    country_code="Country code",
    phone_number="Phone number",
    enter_code="Enter the code",
    code="Code from text message",
    registered="The phone is now registered",
    done="Done",
    choose="Confirm it's you",
    send_to="Send a text message to",
    confirm="Confirm",
    stay="Do you want to stay logged in on this device?",
    yes="Yes",
    no="No",
    help="Help with login",
    methods="Your login methods",
    log_out="Log out",
    logged_out="You are logged out",
    in_message="is your code",
)


def _nothing(heading: str) -> None:
    """Look at nothing."""


@dataclass
class Guide:
    """One method a page. Each begins on its page, is given its heading to look at, and leaves the page."""

    page: Page
    words: Words
    student: Student
    phone: Phone
    look: Callable[[str], None] = field(default=_nothing)

    def begin(self, next_url: str = "") -> None:
        """Come from a service."""
        self.page.goto(f"/sign-in/?next={next_url}" if next_url else "/sign-in/")

    def account_name(self, *, remembered: bool = False) -> None:
        """E1, S1."""
        self._is_on(self.words.log_in)
        name = self.page.get_by_label(self.words.name)
        expect(name).to_have_value(self.student.account_name if remembered else "")
        if not remembered:
            name.fill(self.student.account_name)
        self._press(self.words.next)

    def password(self) -> None:
        """E2, S2."""
        self._is_on(self.words.enter_password)
        expect(self.page.get_by_role("link", name=self.words.forgotten, exact=True)).to_be_visible()
        self.page.get_by_label(self.words.password, exact=True).fill(PASSWORD)
        self._press(self.words.next)

    def more_is_needed(self) -> None:
        """E3."""
        self._is_on(self.words.more_needed)
        self.page.get_by_role("link", name=self.words.next, exact=True).click()

    def default_method(self) -> None:
        """E4: the app stands first; ask for another."""
        self._is_on(self.words.set_up_app)
        self.page.get_by_role("link", name=self.words.another, exact=True).click()

    def another_method(self) -> None:
        """E5."""
        self._is_on(self.words.choose_method)
        self.page.get_by_label(self.words.phone, exact=True).check()
        self._press(self.words.next)

    def app(self) -> Authenticator:
        """E4, but with the app: read the key, enter the app's code, and return the app."""
        self._is_on(self.words.set_up_app)
        app = Authenticator(self.page.locator("#key").inner_text())
        self.app_code(app, self.words.next)
        self._is_on(self.words.app_registered)
        self._press(self.words.done)
        return app

    def app_code(self, app: Authenticator, button: str) -> None:
        """Enter the app's next code."""
        self.page.get_by_label(self.words.app_code).fill(app.code())
        self._press(button)

    def choose_app(self) -> None:
        """Choose the app at the sign-in."""
        self._is_on(self.words.choose)
        self._press(self.words.use_app)
        self._is_on(self.words.enter_code)

    def number(self, number: str = "") -> None:
        """E6, with the student's number unless another is given."""
        self._is_on(self.words.enter_number)
        expect(self.page.get_by_label(self.words.country_code)).to_have_value("DK")
        self.page.get_by_label(self.words.phone_number).fill(number or self.student.number)
        self._press(self.words.next)

    def enrollment_code(self) -> None:
        """E8."""
        self._is_on(self.words.enter_code)
        expect(self.page.get_by_role("main")).to_contain_text(self.student.written)
        self._enter_code(self.words.next)

    def registered(self) -> None:
        """E9."""
        self._is_on(self.words.registered)
        self._press(self.words.done)

    def choose(self) -> None:
        """E10, S3."""
        self._is_on(self.words.choose)
        self.page.get_by_text(f"{self.words.send_to} {self.student.masked}", exact=True).click()

    def sign_in_code(self) -> None:
        """E11, S4."""
        self._is_on(self.words.enter_code)
        expect(self.page.get_by_role("main")).not_to_contain_text(self.student.written)
        self._enter_code(self.words.confirm)

    def stay(self, answer: str) -> None:
        """E12, S5."""
        self._is_on(self.words.stay)
        self._press(answer)

    def sign_out(self) -> None:
        """Log out, from the page of login methods."""
        self.page.goto("/security-info/")
        self._is_on(self.words.methods)
        self._press(self.words.log_out)
        self._is_on(self.words.logged_out)

    def to_number(self) -> None:
        """Walk E1 to E5."""
        self.begin()
        self.account_name()
        self.password()
        self.more_is_needed()
        self.default_method()
        self.another_method()

    def to_choice(self) -> None:
        """Walk S1 and S2."""
        self.begin()
        self.account_name()
        self.password()

    def _enter_code(self, button: str) -> None:
        nth = self.phone.asked_for
        assert self.words.in_message in self.phone.text(nth)
        self.page.get_by_label(self.words.code).fill(self.phone.code(nth))
        self._press(button)

    def _press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def _is_on(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.look(heading)


def enroll(guide: Guide) -> None:
    """Walk E1 to E12 from a service, answer Yes, and be back there."""
    guide.begin("/help/")
    guide.account_name()
    guide.password()
    guide.more_is_needed()
    guide.default_method()
    guide.another_method()
    guide.number()
    guide.enrollment_code()
    guide.registered()
    guide.choose()
    guide.sign_in_code()
    guide.stay(guide.words.yes)
    _is_back(guide)


def sign_in(guide: Guide) -> None:
    """Walk S1 to S5 from a service, the name being remembered, answer No, and be back there."""
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
