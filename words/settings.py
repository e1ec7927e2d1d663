"""What translators can set in locale/: glossaries, words on paper, comments, places. All are TOML files."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from words.faults import LOCALE, ROOT

SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class Rule:
    """A word that the glossary replaces. `allowed` has the msgids in which it is right."""

    find: re.Pattern[str]
    write: str
    context: str = ""
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Glossary:
    """The quotation marks of a language, its English words, and its rules."""

    quotes: str = "””"
    alike: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """A text that students have on paper, and the step of the guide."""

    step: str
    text: str


def load(name: str) -> dict[str, Any]:
    """Return the content of a TOML file in locale/, or an empty dictionary without the file."""
    path = LOCALE / name
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def glossary_path(language: str) -> Path:
    """Return the glossary of a language, relative to the repository."""
    return (LOCALE / language / "glossary.toml").relative_to(ROOT)


@cache
def glossary(language: str) -> Glossary:
    """Return the glossary of a language. A language without a file has no rules."""
    found = load(f"{language}/glossary.toml")
    return Glossary(
        quotes=found.get("quotes", "””"),
        alike=frozenset(word.casefold() for word in found.get("alike", ())),
        rules=tuple(_rule(**rule) for rule in found.get("rule", ())),
    )


def _rule(find: str, write: str, context: str = "", allowed: tuple[str, ...] = ()) -> Rule:
    return Rule(re.compile(find, re.IGNORECASE), write, context, frozenset(allowed))


@cache
def paper_guide(language: str) -> dict[tuple[str, str], Phrase]:
    """Return the phrases that students of a language have on paper, by context and source."""
    return {
        (one.get("context", ""), one["msgid"]): Phrase(one["step"], one[language])
        for one in load("paper_guide.toml").get("phrase", ())
        if language in one
    }


@cache
def comments() -> dict[str, Any]:
    """Return the content of locale/comments.toml."""
    return load("comments.toml")
