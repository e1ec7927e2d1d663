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

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.guide import DANISH, ENGLISH, Guide, Words, enroll, sign_in
from tests.browser.people import PASSWORD, People, Phone, Student
from tests.browser.portal import Portal, PortalProcess
from tests.browser.visitor import Visitor

_HEIGHTS = {320: 640, 1280: 800}
_SCHEMES: tuple[Any, ...] = ("light", "dark")
_PUBLIC = ("/help/", "/cookies/", "/password/forgotten/", "/password/sent/", "/sign-out/", "/signed-out/", "/inbox/")


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

    def guide(self, portal: Portal, student: Student) -> Guide:
        """Return a guide that has each of its pages taken."""
        return Guide(self.visitor.page, self.words, student, Phone(portal.var, student.e164), look=self.take)


def walk(steps: Guide) -> None:
    """Take the guide."""
    enroll(steps)
    steps.sign_out()
    sign_in(steps)
    steps.sign_out()


def mistakes(photographer: Photographer, steps: Guide, people: People) -> None:
    """Take the pages with an error on them, and those that stand in the way."""
    page, words, press = photographer.visitor.page, photographer.words, photographer.visitor.press
    steps.look = lambda heading: None
    steps.begin()
    page.get_by_label(words.name).fill("")
    press(words.next)
    photographer.take()
    steps.begin()
    page.get_by_label(words.name).fill(steps.student.account_name)
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


def take_all(browser: Browser, portal: Portal, people: People, folder: Path, words: Words) -> None:
    """Take every page in one language."""
    visitor = Visitor(browser, portal.url)
    visitor.open("/sign-in/")
    visitor.speak(words.language)
    photographer = Photographer(visitor, words, folder)
    walk(photographer.guide(portal, people.student()))
    visitor.context.clear_cookies()
    visitor.open("/sign-in/")
    visitor.speak(words.language)
    mistakes(photographer, photographer.guide(portal, people.student()), people)
    for path in _PUBLIC:
        visitor.open(path)
        photographer.take()
    visitor.close()


def main(folder: Path) -> None:
    """Start a portal, and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kumfa-screenshots-") as var, sync_playwright() as playwright:
        process = PortalProcess(Path(var))
        portal = process.start()
        try:
            people = People(process.env)
            path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            for words in (DANISH, ENGLISH):
                take_all(browser, portal, people, folder, words)
            browser.close()
        finally:
            process.stop()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
