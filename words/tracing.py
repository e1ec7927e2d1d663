"""Renders texts with marks that identify the catalogue entry of each.

A traced language translates as usual, and puts characters of Unicode's private use around each text that is in our
catalogues. `split` finds them again, wherever a template, a mail or a text message has put the text.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import trans_real

from words import catalogues
from words.catalogues import Entry
from words.checks.placeholders import DATE_CONTEXTS
from words.faults import LOCALE
from words.pseudo import pseudo

_BEGIN, _NUMBER, _END = "\ue000", "\ue001", "\ue002"
_CONTEXT = "\x04"
_MARK = re.compile(f"{_BEGIN}(\\d+){_NUMBER}|{_END}")
_PIECE = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """Return the entries of a language. They are read once by each process."""
    return tuple(catalogues.read(LOCALE / language / "LC_MESSAGES" / "django.po").entries)


@cache
def _numbers(language: str) -> dict[tuple[str, str], int]:
    return {(entry.context, entry.source): number for number, entry in enumerate(entries(language))}


class Traced:
    """A language of Django's `trans_real` whose texts have marks around them."""

    def __init__(self, language: str, *, pseudo_language: bool) -> None:
        self._base: Any = trans_real.translation(language)
        self._language = language
        self._pseudo = pseudo_language

    def to_language(self) -> str:
        """Return the code of the language, so that formats and tags are those of the language itself."""
        return self._language

    def gettext(self, message: str) -> str:
        return self._marked(message, self._base.gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self._marked(singular, self._base.ngettext(singular, plural, number))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base, name)

    def _marked(self, message: str, text: str) -> str:
        context, _separator, source = message.rpartition(_CONTEXT)
        number = _numbers(self._language).get((context, source))
        if number is None:
            return text
        if self._pseudo and context not in DATE_CONTEXTS:
            text = pseudo(text)
        return f"{_BEGIN}{number}{_NUMBER}{text}{_END}"


def traced_code(language: str, *, pseudo_language: bool = False) -> str:
    """Return the code under which Django finds the traced language. It is good for `translation.override` only."""
    code = f"{language}-x-{'pseudo' if pseudo_language else 'traced'}"
    trans_real._translations.setdefault(code, Traced(language, pseudo_language=pseudo_language))  # type: ignore[attr-defined]
    return code


@contextmanager
def traced(code: str) -> Iterator[None]:
    """Activate a traced language."""
    with translation.override(code):
        yield


@dataclass(frozen=True)
class Piece:
    """A piece of a rendered text, and the number of its entry, or None."""

    text: str
    number: int | None = None


def split(text: str) -> list[Piece]:
    """Return the pieces of a rendered text. A text inside another one is a piece of its own."""
    pieces: list[Piece] = []
    open_numbers: list[int] = []
    last = 0
    for mark in _MARK.finditer(text):
        if mark.start() > last:
            pieces.append(Piece(text[last : mark.start()], open_numbers[-1] if open_numbers else None))
        last = mark.end()
        if mark[1]:
            open_numbers.append(int(mark[1]))
        elif open_numbers:
            open_numbers.pop()
    if last < len(text):
        pieces.append(Piece(text[last:]))
    return pieces


def numbers_in(text: str) -> list[int]:
    """Return the numbers of the entries in a rendered text, each once and in order."""
    return list(dict.fromkeys(int(mark[1]) for mark in _MARK.finditer(text) if mark[1]))


def plain(text: str) -> str:
    """Return a rendered text without marks."""
    return _MARK.sub("", text)


def link_page(page: str, language: str, url: str) -> str:
    """Return an HTML page in which each text names its entry, and links to it if it is in no link or button."""
    parts: list[str] = []
    around: list[str] = []
    last = 0
    for tag in _PIECE.finditer(page):
        parts.append(_link(page[last : tag.start()], language, url, around))
        parts.append(plain(tag[0]))
        _follow(around, tag[0])
        last = tag.end()
    parts.append(_link(page[last:], language, url, around))
    return "".join(parts)


_WITHOUT_TAGS = {"title", "option", "textarea", "script", "style"}
_WITHOUT_LINKS = {"a", "button", "label", "summary"}


def _link(text: str, language: str, url: str, around: list[str]) -> str:
    if _WITHOUT_TAGS.intersection(around):
        return plain(text)
    tag = "span" if _WITHOUT_LINKS.intersection(around) else "a"
    found = []
    for piece in split(text):
        if piece.number is None or not piece.text.strip():
            found.append(piece.text)
            continue
        where = f"django.po:{entries(language)[piece.number].line}"
        href = f' href="{url}#{language}-{piece.number}" target="_top"' if tag == "a" else ""
        found.append(f'<{tag} class="entry" title="{where}"{href}>{piece.text}</{tag}>')
    return "".join(found)


def _follow(around: list[str], tag: str) -> None:
    name = re.match(r"</?([a-zA-Z][\w-]*)", tag)
    if name is None or name[1].lower() not in _WITHOUT_TAGS | _WITHOUT_LINKS:
        return
    if tag.startswith("</"):
        if name[1].lower() in around:
            around.remove(name[1].lower())
    else:
        around.append(name[1].lower())
