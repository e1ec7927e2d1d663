"""A visitor with a browser, and the rules for every page that they see."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, WebError, expect

from tests.browser import summary
from tests.browser.contexts import borrow, give_back
from tests.browser.people import PATIENCE
from tests.interface import in_da, in_en

expect.set_options(timeout=PATIENCE * 1000)

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
# axe is not sure whether screen readers speak a name on an element without a role. Some do not.
_UNSURE = ["aria-prohibited-attr"]
# The debugger adds axe to the page, so the content security policy does not apply to it. Without `preload: false`, axe
# would load the admin's imported stylesheets into the page again, and the policy would refuse them.
_RUN_AXE = f"""() => axe.run({{runOnly: {_TAGS!r}, resultTypes: ["violations", "incomplete"],
    preload: !document.querySelector('link[href*="/admin/css/"]')}}).then((results) =>
    results.violations.concat(results.incomplete.filter((found) => {_UNSURE!r}.includes(found.id))).map(
        (found) => `${{found.id}}: ` + found.nodes.map((node) => node.html).join(" ")))"""
_SCRIPTS = re.compile(r"<script .*?</script>", re.DOTALL)
# What differs between two requests of the same page, and has no effect on the rules.
_FLEETING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|class="reference">[^<]*|nonce="[^"]*"|\d+')
# The pages that this process has found to be in order. Most tests pass the same pages on their way.
_in_order: set[tuple[str, bool]] = set()
# The narrowest screen and a usual one. Together they cover both color schemes.
_SCREENS: tuple[tuple[int, Any], ...] = ((320, "dark"), (1280, "light"))
_BRAND = {"da": in_da("UCPH login"), "en": in_en("UCPH login")}
_ERROR = {"da": "Fejl: ", "en": "Error: "}


@dataclass
class Visitor:
    """A browser with its own cookies. `complaints` collects the problems in all of its tabs."""

    browser: Browser
    url: str
    javascript: bool = True
    language: str = "da"
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = borrow(self.browser, self.url, self.javascript)
        self._listeners: dict[Any, Callable[[Any], None]] = {
            "console": self._console,
            "weberror": self._error,
            "request": self._request,
            "response": self._response,
        }
        for event, listener in self._listeners.items():
            self.context.on(event, listener)
        self.page = self.context.new_page()
        self._reader = None if self.javascript else borrow(self.browser, self.url, True).new_page()

    def open(self, path: str) -> None:
        """Open a path."""
        self.page.goto(path)

    @property
    def session_key(self) -> str:
        """The session key of the browser."""
        return next(str(cookie["value"]) for cookie in self.context.cookies() if cookie["name"] == "session")

    def press(self, name: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def speak(self, language: str) -> None:
        """Switch the language of the page."""
        self.press({"da": in_da("Danish"), "en": "English"}[language])
        self.language = language
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def sees(self, heading: str, page: Page | None = None) -> None:
        """Wait for the page with this heading, and check it against the rules."""
        page = page or self.page
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        self.look(page)

    def look(self, page: Page | None = None) -> None:
        """Check the page against the rules: title, language, width, contrast, and all other rules of axe."""
        page = page or self.page
        wrong = _ERROR[self.language] if page.locator(".error-summary").count() else ""
        heading = page.locator("h1").inner_text()
        expect(page).to_have_title(f"{wrong}{heading} – {_BRAND[self.language]}")
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        self.measure(page, heading)

    def measure(self, page: Page, name: str) -> None:
        """Collect horizontal scrolling and the findings of axe, on a narrow dark and a wide light screen.

        On the portal's own pages also what leaves the screen with wide text spacing (WCAG 1.4.12), and what loses its
        border with forced colors.

        A page that differs from one found to be in order only in digits and tokens is in order.
        """
        page.wait_for_load_state()
        shape = (_FLEETING.sub("…", page.content()), self.javascript)
        if shape in _in_order:
            return
        before = len(self.complaints)
        summary.saw(name)
        self._measure(page, name)
        if len(self.complaints) == before:
            _in_order.add(shape)

    def _measure(self, page: Page, name: str) -> None:
        read = self._read(page) if self._reader else page
        for width, scheme in _SCREENS:
            for shown in {page, read}:
                shown.set_viewport_size({"width": width, "height": 900})
                shown.emulate_media(color_scheme=scheme)
            needed = page.evaluate("document.documentElement.scrollWidth")
            wide = [f"{needed} px wide on a screen of {width} px"] if needed > width else []
            self._complain(name, f"{width} {scheme}", wide + axe(read))
            if width == _SCREENS[0][0] and page.locator(".card").count():
                self._complain(name, "text spacing", page.evaluate(_SPACE_TEXT))
        if page.locator(".card").count():
            page.emulate_media(forced_colors="active")
            self._complain(name, "forced colors", page.evaluate(_WITHOUT_BORDER))
            page.emulate_media(forced_colors="none")

    def _complain(self, name: str, check: str, found: list[str]) -> None:
        summary.found(name, check, len(found))
        self.complaints += [f"{name}, {check}: {finding}" for finding in found]

    def close(self) -> list[str]:
        """Close the browser and return its complaints."""
        for event, listener in self._listeners.items():
            self.context.remove_listener(event, listener)
        give_back(self.context, self.url, self.javascript)
        if self._reader:
            give_back(self._reader.context, self.url, True)
        return self.complaints

    def _read(self, page: Page) -> Page:
        """Return the page as it is without scripts, in a tab where axe's own script can run."""
        assert self._reader
        html = _SCRIPTS.sub("", page.content()).replace("noscript>", "div>")
        self._reader.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self._reader.goto(page.url)
        self._reader.unroute(page.url)
        return self._reader

    def _console(self, message: ConsoleMessage) -> None:
        # `_response` checks failed loads one by one.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"request to {request.url}")

    def _response(self, response: Response) -> None:
        problem_page = response.status < 500 and response.request.is_navigation_request()
        if response.status >= 400 and not problem_page:
            self.complaints.append(f"{response.status} of {response.url}")


# Apply the spacing of WCAG 1.4.12 temporarily. Find text that is then wider than its box or the screen.
_SPACE_TEXT = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
    const screen = document.documentElement.clientWidth;
    const found = [...document.querySelectorAll("body *")].filter((element) => {
        const box = element.getBoundingClientRect();
        if (!box.width || element.closest(".visually-hidden")) return false;
        const hides = getComputedStyle(element).overflowX === "hidden";
        return box.right > screen + 0.5 || (hides && element.scrollWidth > element.clientWidth + 1);
    }).map((element) => element.outerHTML.slice(0, 120));
    document.adoptedStyleSheets = [];
    return found;
}"""

# Backgrounds vanish with forced colors, so only a border shows where to press and type.
_WITHOUT_BORDER = """() => [...document.querySelectorAll(".button, input, select")].filter((element) =>
    element.getClientRects().length && !["hidden", "radio"].includes(element.type)
    && !element.closest(".visually-hidden") && parseFloat(getComputedStyle(element).borderTopWidth) < 1
).map((element) => element.outerHTML.slice(0, 120))"""

# Django's admin fades its links from one color to another.
_END_FADES = "() => document.getAnimations().forEach((fade) => fade.finish())"


def axe(page: Page) -> list[str]:
    """Return the findings of axe in a page: the rule and the elements."""
    page.wait_for_load_state()  # before that, the stylesheet may be missing although the heading exists
    page.evaluate(_END_FADES)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_AXE)
    return cast(list[str], page.evaluate(_RUN_AXE))
