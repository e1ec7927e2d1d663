"""Chromium contexts that visitors use one after another.

Each new context starts processes, which compile the portal's scripts and axe again. A returned context keeps its
processes, because one of its pages stays open. It keeps no cookie and no other page.
"""

from collections import defaultdict
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext

from tests.browser.people import PATIENCE

Kind = tuple[str, bool]  # the portal's address, and whether scripts run

_WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""
_free: WeakKeyDictionary[Browser, dict[Kind, list[BrowserContext]]] = WeakKeyDictionary()


def borrow(browser: Browser, url: str, javascript: bool) -> BrowserContext:
    """Return a context without cookies. Return it with `give_back` when the visitor is done."""
    free = _free.setdefault(browser, defaultdict(list))[url, javascript]
    return free.pop() if free else _new(browser, url, javascript)


def give_back(context: BrowserContext, url: str, javascript: bool) -> None:
    """Close the visitor's pages and keep the context for the next visitor."""
    _first, *others = context.pages
    for page in others:
        page.close()
    context.clear_cookies()
    assert context.browser
    _free[context.browser][url, javascript].append(context)


def _new(browser: Browser, url: str, javascript: bool) -> BrowserContext:
    context = browser.new_context(
        base_url=url, java_script_enabled=javascript, viewport={"width": 1280, "height": 900}, locale="da-DK"
    )
    context.add_init_script(_WATCH)
    context.set_default_timeout(PATIENCE * 1000)
    context.new_page().goto("/static/icon.svg")
    return context
