"""A helpdesk agent with the admin open and a student on the line."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Person, Phone
from tests.browser.visitor import Visitor, axe

_CODE_APART = r"[\s.\-]*"
# The ten questions of docs/helpdesk.md. Each has a selector for its answer on the account page.
QUESTIONS: Mapping[str, str] = {
    "Hvem er det, og hvad må vedkommende?": ".helpdesk-who dd:has-text('studerende')",
    "Er den studerende tilmeldt, med hvad og siden hvornår?": ".helpdesk-status:has-text('Tilmeldt')",
    "Hvilket nummer?": ".helpdesk-methods li:has-text('+45 ••')",
    "Er der sendt en sms, og hvad blev der af den?": ".helpdesk-who dt:has-text('Seneste sms')",
    "Er loginmetoden låst, hvorfor og hvor længe?": ".helpdesk-methods h2",
    "Hvor mange forsøg er der tilbage?": ".helpdesk-methods li:has-text('forsøg tilbage')",
    "Er fejlen hos os?": ".helpdesk-wrong li:has-text('Fejlen er hos os')",
    "Seneste login, noget usædvanligt?": ".helpdesk-who dt:has-text('Seneste login')",
    "Hvem skiftede nummeret, og hvornår?": "h2:has-text('Historik')",
    "Hvad kan jeg gøre, og hvad ser den studerende så?": "h2:has-text('Det kan du gøre')",
}


@dataclass
class Desk:
    """Each method is an action of the agent, or a check of the open page."""

    visitor: Visitor
    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def content(self) -> Locator:
        """The main part of the page, including the message about the last action."""
        return self.visitor.page.locator("#container .main")

    def find(self, typed: str) -> None:
        """Search for an account on the first page. The search must find one account and open it."""
        page = self.visitor.page
        page.goto("/admin/overview/")
        page.locator("#helpdesk-search").fill(typed)
        started, self.pages = time.monotonic(), 0
        page.on("load", self._loaded)
        page.locator("#helpdesk-search").press("Enter")
        expect(page).to_have_url(re.compile(r"/admin/accounts/account/\d+/change/$"))
        page.wait_for_load_state()
        for question, place in QUESTIONS.items():
            answer = page.locator(place).first
            if answer.count():
                expect(answer).to_be_visible()
                self.seconds[question] = time.monotonic() - started
        page.remove_listener("load", self._loaded)

    def reads(self, *words: str) -> None:
        """Check that the page contains each of these texts."""
        for said in words:
            expect(self.content).to_contain_text(said)

    def reads_after_reload(self, *words: str) -> None:
        """Check for each of these texts, and reload the page until the background task has produced it."""
        for said in words:
            self._reload_until(said)

    def does(self, verb: str, proof: str = "mitid", **fields: str) -> None:
        """Open a helpdesk action, enter the proof of identity and the case number, and perform the action."""
        page = self.visitor.page
        page.get_by_role("link", name=verb, exact=True).click()
        self.looks()
        for name, value in {"proof": proof, "document_end": "4711", "case_number": "INC-1042", **fields}.items():
            control = page.locator(f"[name={name}]")
            if not control.count():
                continue
            fill: Any = control.select_option if control.evaluate("it => it.tagName") == "SELECT" else control.fill
            fill(value)
        self.press(verb)

    def press(self, name: str) -> None:
        """Click a button in the content of the admin."""
        self.content.get_by_role("button", name=name, exact=True).click()

    def looks(self) -> None:
        """Check that the page is in Danish. Collect the findings of axe in light and dark."""
        page = self.visitor.page
        expect(page.locator("html")).to_have_attribute("lang", "da")
        schemes: tuple[Any, ...] = ("light", "dark")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            heading = page.locator("h1").first.inner_text()
            self.visitor.complaints += [f"{heading}, {scheme}: {found}" for found in axe(page)]

    def holds_no_secret(self, person: Person, phone: Phone) -> None:
        """Check that the page contains neither the whole number nor any sent code, with or without separators."""
        source = self.visitor.page.content()
        codes = [found[0] for text in phone.received if (found := re.search(r"\d{6}", text))]
        for secret in (person.number, *codes):
            assert not re.search(rf"(?<!\d){_CODE_APART.join(secret)}(?!\d)", source)

    def _loaded(self, page: Page) -> None:
        self.pages += 1

    def _reload_until(self, said: str) -> None:
        deadline = time.monotonic() + 20
        while said not in self.content.inner_text():
            assert time.monotonic() < deadline, f"never said: {said}"
            self.visitor.page.reload()
