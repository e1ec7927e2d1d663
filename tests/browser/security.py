"""The page of login methods and the pages linked from it, as a signed-in person uses them."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.guide import Guide


@dataclass
class SecurityInfo:
    """One method per page, as in the guide."""

    guide: Guide

    def open(self) -> None:
        """Open the page of login methods."""
        self.guide.page.goto("/security-info/")
        self.guide.is_on(self.guide.words.methods)

    def method(self, text: str) -> Locator:
        """Return the entry of the method with this text."""
        return self.guide.page.locator(".rows").first.locator("li").filter(has_text=text)

    def follow(self, action: str, text: str) -> None:
        """Follow a link of the method with this text."""
        self._link(action, text).click()

    def address(self, action: str, text: str) -> str:
        """Return the address of a link of the method with this text."""
        return self._link(action, text).get_attribute("href") or ""

    def change_to(self, other: Guide) -> None:
        """Change the phone to the other guide's number, up to the page that asks for its code."""
        words = self.guide.words
        self.follow(words.change, self.guide.person.masked)
        self.guide.is_on(words.change_heading)
        self.guide.press(words.next)
        other.number()

    def changed(self, button: str) -> None:
        """Wait for the confirmation, then click the link or button with this name."""
        self.guide.is_on(self.guide.words.changed)
        link = self.guide.page.get_by_role("link", name=button, exact=True)
        (link if link.count() else self.guide.page.get_by_role("button", name=button, exact=True)).click()
        self.guide.is_on(self.guide.words.methods)

    def rename(self, text: str, name: str) -> None:
        """Give a method a name."""
        words = self.guide.words
        self.follow(words.rename, text)
        self.guide.is_on(words.rename_heading)
        self.guide.page.get_by_label(words.device_name).fill(name)
        self.guide.press(words.save)
        expect(self.method(name)).to_have_count(1)

    def use_first(self, text: str) -> None:
        """Make a method the preferred one."""
        words = self.guide.words
        self.follow(words.use_first, text)
        self.guide.is_on(words.use_first_heading)
        self.guide.press(words.use_first)
        expect(self.method(words.used_first)).to_contain_text(text)

    def remove(self, text: str) -> None:
        """Remove a method."""
        words = self.guide.words
        self.follow(words.remove, text)
        self.guide.is_on(words.remove_heading)
        self.guide.press(words.remove)

    def add(self) -> None:
        """Add a method, up to the choice between methods."""
        words = self.guide.words
        self.guide.page.get_by_role("link", name=words.add, exact=True).click()
        self.guide.is_on(words.add)
        self.guide.press(words.next)

    def _link(self, action: str, text: str) -> Locator:
        """Find the link by its accessible name, which contains the end of a number but no dots."""
        return self.method(text).get_by_role("link", name=re.compile(f"^{action} [^•]+$"))


def sign_in_to(steps: Guide) -> SecurityInfo:
    """Sign in by phone for this browser session. End on the page of login methods."""
    steps.to_choice()
    steps.choose()
    steps.sign_in_code()
    steps.stay(steps.words.no)
    steps.is_on(steps.words.methods)
    return SecurityInfo(steps)
