"""Pictures of every page, on a phone and a wide screen, light and dark, in both languages.

    .venv/bin/python -m tests.browser.screenshots OUTDIR

A picture is called `da-04-light-320.png`: the language, the place in the walk, the colors, the width.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.guide import Guide, enroll, sign_in
from tests.browser.mailbox import Mailbox
from tests.browser.people import PASSWORD, People, Person, Phone
from tests.browser.portal import Portal, PortalProcess
from tests.browser.security import SecurityInfo, sign_in_to
from tests.browser.visitor import Visitor
from tests.browser.words import DANISH, ENGLISH, Words

_HEIGHTS = {320: 640, 1280: 800}
_SCHEMES: tuple[Any, ...] = ("light", "dark")
_PUBLIC = (
    *("/help/", "/privacy/", "/accessibility/", "/password/forgotten/", "/password/sent/"),
    *("/sign-out/", "/signed-out/", "/inbox/"),
)


@dataclass
class Photographer:
    """Takes the pictures of one language."""

    visitor: Visitor
    words: Words
    folder: Path
    taken: int = 0

    def take(self, heading: str = "") -> None:
        """Take a picture of the page on each screen."""
        self.taken += 1
        page = self.visitor.page
        for width, height in _HEIGHTS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in _SCHEMES:
                page.emulate_media(color_scheme=scheme)
                name = f"{self.words.language}-{self.taken:02}-{scheme}-{width}.png"
                page.screenshot(path=self.folder / name, full_page=True)
        print(f"{self.words.language}-{self.taken:02}  {heading or page.title()}", flush=True)

    def guide(self, portal: Portal, person: Person) -> Guide:
        """Return a guide that takes a picture of each of its pages."""
        return Guide(self.visitor.page, self.words, person, Phone(portal.var, person.e164), look=self.take)


def walk(steps: Guide) -> None:
    """Take pictures of the guide."""
    enroll(steps)
    steps.sign_out()
    sign_in(steps)
    steps.sign_out()


def mistakes(photographer: Photographer, steps: Guide, people: People) -> None:
    """Take pictures of the pages with an error, and of the pages that refuse to continue."""
    page, words, press = photographer.visitor.page, photographer.words, photographer.visitor.press
    steps.look = lambda heading: None
    steps.begin()
    page.get_by_label(words.name).fill("")
    press(words.next)
    photographer.take()
    steps.begin()
    page.get_by_label(words.name).fill(steps.person.account_name)
    press(words.next)
    press(words.next)
    photographer.take()
    page.get_by_label(words.password, exact=True).fill(PASSWORD)
    press(words.next)
    steps.more_is_needed()
    steps.default_method()
    steps.another_method()
    for number in ("26 12", "+1 212 555 2368"):
        page.get_by_label(words.phone_number).fill(number)
        press(words.next)
        photographer.take()
        page.goto("/enroll/phone/")
    steps.number()
    press(words.next)
    photographer.take()
    page.locator("summary").click()
    photographer.take()
    page.goto("/enroll/phone/")
    steps.number(people.student().number)
    page.goto("/enroll/phone/")
    steps.number(people.student().number)
    photographer.take()


def login_methods(photographer: Photographer, steps: Guide, people: People) -> SecurityInfo:
    """Take pictures of the login methods and their pages, for a person with two phones and two sessions."""
    visitor, words = photographer.visitor, photographer.words
    info = _two_sessions(photographer, steps)
    people.add_phone(steps.person)
    info.open()
    info.rename(steps.person.masked, "Min arbejdsmobil fra Rigshospitalet")
    info.use_first(steps.person.masked)
    for action in (words.change, words.remove):
        visitor.open(info.address(action, words.not_used_yet))
        photographer.take()
        visitor.open("/security-info/")
    for path in ("add/", "sessions/end-others/", "activity/", "recovery-codes/"):
        visitor.open(f"/security-info/{path}")
        photographer.take()
    visitor.press(words.make_codes)
    photographer.take()
    info.open()
    people.age_proof(visitor.session_key)
    visitor.open(info.address(words.remove, words.not_used_yet))
    steps.choose()
    steps.sign_in_code()
    visitor.press(words.remove)
    photographer.take()
    info.open()
    return info


def _two_sessions(photographer: Photographer, steps: Guide) -> SecurityInfo:
    steps.look = lambda heading: None
    other = Visitor(photographer.visitor.browser, photographer.visitor.url)
    sign_in_to(Guide(other.page, DANISH, steps.person, steps.phone))
    other.close()
    info = sign_in_to(steps)
    steps.look = photographer.take
    return info


def lost_phone(photographer: Photographer, steps: Guide) -> None:
    """Take pictures of the choice with all methods, and of the recovery code page before and after a wrong code."""
    steps.sign_out()
    steps.to_choice()
    steps.choose_recovery_code()
    steps.recovery_code("K7F3M-92QWX-4HTNB")
    photographer.take()
    photographer.visitor.page.go_back()
    photographer.visitor.open("/sign-in/verify/")
    photographer.visitor.page.locator("summary").click()
    photographer.take()


def report(photographer: Photographer, person: Person, portal: Portal) -> None:
    """Take pictures of the compromise report, before and after it is submitted."""
    photographer.visitor.open(Mailbox(portal.var, person.mail_address).report_link())
    photographer.take()
    photographer.visitor.press(photographer.words.not_me)
    photographer.take()


def employee(photographer: Photographer, steps: Guide) -> None:
    """Take pictures of the pages for an employee: the refused phone, the app, and its code."""
    steps.look = lambda heading: None
    steps.to_app()
    photographer.visitor.open("/enroll/phone/")
    photographer.take()
    photographer.visitor.open("/enroll/app/")
    steps.look = photographer.take
    steps.press(steps.words.next)
    app = steps.app()
    steps.choose_app()
    steps.app_code(app, steps.words.confirm)
    steps.stay(steps.words.no)
    SecurityInfo(steps).open()


def take_all(browser: Browser, portal: Portal, people: People, folder: Path, words: Words) -> None:
    """Take pictures of every page in one language."""
    visitor = Visitor(browser, portal.url)
    visitor.open("/sign-in/")
    visitor.speak(words.language)
    photographer = Photographer(visitor, words, folder)
    walk(photographer.guide(portal, people.student()))
    visitor.context.clear_cookies()
    visitor.open("/sign-in/")
    visitor.speak(words.language)
    mistakes(photographer, photographer.guide(portal, people.student()), people)
    steps = photographer.guide(portal, people.enrolled())
    login_methods(photographer, steps, people)
    lost_phone(photographer, steps)
    visitor.context.clear_cookies()
    visitor.open("/sign-in/")
    visitor.speak(words.language)
    steps = photographer.guide(portal, people.employee())
    employee(photographer, steps)
    report(photographer, steps.person, portal)
    for path in _PUBLIC:
        visitor.open(path)
        photographer.take()
    visitor.close()


def main(folder: Path) -> None:
    """Start a portal and take the pictures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumfa.settings")
    django.setup()  # for the copy of the migrated database
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kumfa-screenshots-") as var, sync_playwright() as playwright:
        process = PortalProcess(Path(var))
        portal = process.start()
        try:
            people = People(process.env)
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            for words in (DANISH, ENGLISH):
                take_all(browser, portal, people, folder, words)
            browser.close()
        finally:
            process.stop()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
