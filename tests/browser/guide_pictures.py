"""The pictures of the help page, taken on a walk through the guide in each language. `make guide` runs it.

    .venv/bin/python -m tests.browser.guide_pictures

It writes `static/guide/LANGUAGE/PAGE.png`, and `static/guide/pictures.json` with the words and sizes of the pictures.
`tests/test_guide_pictures.py` compares the words with the pages.
"""

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from kumfa.settings import BASE_DIR
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.guide import Guide, enroll
from tests.browser.people import PATIENCE, Employee, Person, Phone, Student, make_people
from tests.browser.png import shrink, size_of
from tests.browser.portal import Portal, PortalProcess
from tests.browser.words import DANISH, ENGLISH, Words
from tests.page_words import read_page

expect.set_options(timeout=PATIENCE * 1000)

FOLDER = BASE_DIR / "static" / "guide"
_SCREEN: ViewportSize = {"width": 390, "height": 844}  # a usual phone
_DENSITY = 1.5  # pixels of the picture for each pixel of the page, so that it is sharp on a phone and on paper
_LARGEST = 20_000  # bytes

# The pages in the order of the walk.
STUDENT_PAGES = (
    *("account_name", "password", "more_needed", "app", "methods", "phone", "enroll_code", "registered"),
    *("choose", "code", "stay"),
)
EMPLOYEE_PAGES = ("", "", "", "set_up_app", "app_registered", "choose_app", "app_code")  # without those of students
# SECURITY: a reader could scan the code of the picture and would then have the app of a stranger's test account. Only
# the three corners of the code stay. Other pixels follow a formula, and the key consists of X.
_HIDE_SECRETS = """() => {
    const code = document.querySelector(".qr");
    const key = document.getElementById("key");
    if (!code) return;
    const [size, edge] = [code.viewBox.baseVal.width, 4];
    const last = size - 2 * edge - 1;
    const corner = (x, y) => [[x, y], [last - x, y], [x, last - y]].find(([a, b]) => a < 8 && b < 8);
    const isDark = (x, y) => {
        const near = corner(x, y);
        if (!near) return (x * 7 + y * 11 + ((x * y) % 13)) % 5 < 2;
        const ring = Math.max(Math.abs(near[0] - 3), Math.abs(near[1] - 3));
        return ring < 2 || ring === 3;
    };
    let path = "";
    for (let y = 0; y <= last; y += 1) for (let x = 0; x <= last; x += 1)
        if (isDark(x, y)) path += `M${x + edge} ${y + edge + 0.5}h1`;
    code.querySelectorAll("path")[1].setAttribute("d", path);
    key.dataset.text = key.textContent;
    key.textContent = key.textContent.replace(/[A-Z2-7]/g, "X");
}"""
_SHOW_KEY = """() => {
    const key = document.getElementById("key");
    if (key) key.textContent = key.dataset.text;
}"""


@dataclass
class Camera:
    """Takes the pictures of one walk. `names` are those of its pages, in order. A page with an empty name has none."""

    page: Page
    folder: Path
    names: tuple[str, ...]
    taken: dict[str, dict[str, object]] = field(default_factory=dict)
    _pages: int = 0

    def take(self, heading: str) -> None:
        """Take a picture of the page if it has a name."""
        name = self.names[self._pages] if self._pages < len(self.names) else ""
        self._pages += 1
        if not name:
            return
        words = read_page(self.page.content())
        assert words.heading == heading
        self.page.evaluate(_HIDE_SECRETS)
        self.page.evaluate("document.activeElement.blur()")
        png, density = self._photograph()
        self.page.evaluate(_SHOW_KEY)
        (self.folder / f"{name}.png").write_bytes(png)
        width, height = (round(pixels / density) for pixels in size_of(png))
        self.taken[name] = {**asdict(words), "width": width, "height": height}
        print(f"{self.folder.name}/{name}.png {len(png)} bytes", flush=True)

    def _photograph(self) -> tuple[bytes, float]:
        """Return the picture of the card and its density. A long page gets fewer pixels."""
        card = self.page.locator(".card")
        try:
            return shrink(card.screenshot(), _LARGEST), _DENSITY
        except ValueError:
            return shrink(card.screenshot(scale="css"), _LARGEST), 1


def open_camera(browser: Browser, portal: Portal, words: Words, folder: Path, names: tuple[str, ...]) -> Camera:
    """Open a browser of its own that speaks the language. Its pictures go to the folder."""
    context = browser.new_context(
        base_url=portal.url,
        viewport=_SCREEN,
        device_scale_factor=_DENSITY,
        color_scheme="light",
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_role("button", name={"da": "Dansk", "en": "English"}[words.language], exact=True).click()
    return Camera(page, folder, names)


def walk_of_student(camera: Camera, portal: Portal, words: Words, person: Person) -> None:
    """Take the pictures of the enrollment of a phone and of the sign-in with it."""
    enroll(Guide(camera.page, words, person, Phone(portal.var, person.e164), look=camera.take))


def walk_of_employee(camera: Camera, portal: Portal, words: Words, person: Person) -> None:
    """Take the pictures of the enrollment of an app and of the sign-in with it."""
    guide = Guide(camera.page, words, person, Phone(portal.var, person.e164), look=camera.take)
    guide.to_app()
    app = guide.app()
    guide.sign_in_app_code(app)
    guide.stay(words.no)


def take_all(portal: Portal, env: dict[str, str], target: Path) -> dict[str, dict[str, dict[str, object]]]:
    """Take all pictures, into a folder for each language. Return their words and sizes by language and name."""
    # Both numbers end with the digits that the tests' number ends with, since the buttons show them.
    walks = (
        (DANISH, Student("abc123", "26123478", False), Employee("def456", "26123456", False)),
        (ENGLISH, Student("abd123", "26125678", False), Employee("deg456", "26125656", False)),
    )
    make_people(env, [person for _words, *people in walks for person in people])
    taken: dict[str, dict[str, dict[str, object]]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        for words, student, employee in walks:
            folder = target / words.language
            folder.mkdir(parents=True)
            first = open_camera(browser, portal, words, folder, STUDENT_PAGES)
            walk_of_student(first, portal, words, student)
            second = open_camera(browser, portal, words, folder, EMPLOYEE_PAGES)
            walk_of_employee(second, portal, words, employee)
            taken[words.language] = first.taken | second.taken
        browser.close()
    return taken


def main() -> None:
    """Start a portal, take the pictures, and write their words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumfa.settings")
    django.setup()  # for the copy of the migrated database
    with tempfile.TemporaryDirectory(prefix="kumfa-guide-") as var:
        process = PortalProcess(Path(var))
        portal = process.start()
        target = Path(var) / "guide"
        try:
            taken = take_all(portal, process.env, target)
        finally:
            process.stop()
        text = json.dumps(taken, ensure_ascii=False, indent=1, sort_keys=True)
        (target / "pictures.json").write_text(f"{text}\n", encoding="utf-8")
        # The walk ends on the help page, which shows the former pictures. They are replaced at the end.
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(target, FOLDER)


if __name__ == "__main__":
    main()
