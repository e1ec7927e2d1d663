"""Every page that the visitors of the table see is Danish: no English words, no stored codes in place of labels."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from campaigns.tests.campaigns import campaign
from helpdesk.tests.people import agent_of, browser_of
from tests.fixtures import Browser
from tests.urls.visitors import VISITORS, Scene, undone, visit

# Words that nearly every English text contains, and Danish texts never do.
ENGLISH = {
    *("the", "and", "you", "your", "with", "this", "that", "are", "was", "has", "been", "please", "which"),
    *("from", "not", "when", "these", "there", "search", "select", "change", "history", "view", "show", "user"),
}
IMPOLITE = {"venligst"}
CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
# Columns of an import are for machines.
NO_CODES = {"first_name", "last_name"}
SILENT = {"script", "style", "svg", "code", "pre"}


class _Words(HTMLParser):
    """Collects what a page shows or says in Danish."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._others: list[str] = []  # open elements that are silent or in another language

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in SILENT or given.get("lang") not in (None, "da"):
            self._others.append(tag)
        self.texts += [given[name] or "" for name in ("alt", "title", "aria-label", "placeholder") if name in given]

    def handle_endtag(self, tag: str) -> None:
        if self._others and self._others[-1] == tag:
            self._others.pop()

    def handle_data(self, data: str) -> None:
        if not self._others:
            self.texts.append(data)


def leaks(page: str) -> list[str]:
    """Return the texts of the page with English words, with codes, or with a word that our Danish avoids."""
    words = _Words()
    words.feed(page)
    texts = (" ".join(text.split()) for text in words.texts)
    return [text for text in texts if _is_leak(text)]


def _is_leak(text: str) -> bool:
    found = set(re.findall(r"[a-zæøå]+", text.lower()))
    return bool(found & (ENGLISH | IMPOLITE) or set(CODE.findall(text)) - NO_CODES)


def pages(browser: Browser, urls: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the URL and the content of each page, and of the first row and the empty form of each list in the admin.

    /words/ shows the texts of all languages.
    """
    waiting = [url for url in urls.values() if not url.startswith("/words/")]
    while waiting:
        url = waiting.pop()
        with undone():
            response = visit(browser, "get", url)[1]
            page = b"".join(response).decode(errors="replace")
            if not page.startswith("<!"):
                continue
            yield url, page
            if url.startswith("/admin/") and 'id="changelist"' in page:
                waiting += re.findall(r'<th class="field[^>]*><a href="([^"?]+)', page)[:1]
                waiting += re.findall(r'<a href="([^"?]+)[^>]*class="addlink"', page)[:1]


@pytest.mark.parametrize("who", ["password, method", "password, none", "student", "a superuser"])
def test_no_page_speaks_english_or_shows_codes_to_a_danish_visitor(scene: Scene, who: str) -> None:
    if who == "a superuser":
        campaign()
        browser = browser_of(agent_of("", "agt111", is_superuser=True), scene.outbox)
        browser.cookies["language"] = "da"
    else:
        browser = VISITORS[who](scene)
    found: dict[str, set[str]] = {}
    for url, page in pages(browser, scene.urls()):
        for text in leaks(page):
            found.setdefault(text, set()).add(url)
    assert found == {}


@pytest.mark.parametrize("text", ["Metode: mfa_sms", "Show all", "Ret venligst fejlene", "View on site"])
def test_a_leak_is_seen(text: str) -> None:
    assert leaks(f"<p>{text}</p>") == [text]
    assert leaks(f'<p><img alt="{text}"></p>') == [text]


def test_danish_and_the_switch_to_english_are_no_leaks() -> None:
    assert leaks("<p>Vælg en metode</p><button lang='en'>Change the language</button><p>Log ind</p>") == []
