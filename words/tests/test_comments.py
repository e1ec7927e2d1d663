"""Each ambiguous text has a comment with its place, its role and the contents of its placeholders."""

import re
from collections.abc import Iterator
from functools import cache

from django.urls import Resolver404, resolve

from words import catalogues, places, settings, source
from words.catalogues import Entry
from words.comments import comment_for, needs_comment
from words.faults import ROOT


@cache
def entries() -> list[Entry]:
    return [entry for path in catalogues.catalogue_paths() for entry in catalogues.read(path).entries]


def test_each_entry_with_a_placeholder_or_fewer_than_three_words_says_what_it_is() -> None:
    silent = [
        entry.source for entry in entries() if needs_comment(entry) and not re.search(r"\. \w+", first_line(entry))
    ]
    assert silent == [], "name its position in locale/comments.toml, then run `make messages`"


def first_line(entry: Entry) -> str:
    return " ".join(entry.comment.split())


def test_each_source_file_of_a_text_has_a_place() -> None:
    files = {file for entry in entries() for file in entry.files}
    assert [file for file in sorted(files) if not places.place_of(file)] == [], "name it in locale/places.toml"


def test_each_placeholder_has_a_meaning() -> None:
    unknown = [entry.source for entry in entries() if re.search(r"%\(\w+\)s: \?", entry.comment)]
    assert unknown == [], "say in locale/comments.toml what it contains, then run `make messages`"


def test_each_address_in_the_places_is_a_page() -> None:
    assert [address for address in addresses() if not is_page(address)] == []


def addresses() -> Iterator[str]:
    for place in settings.load("places.toml").values():
        yield from re.findall(r"(?<![\w.])/[\w/-]+/(?=[ ,:;]|$)", place)


def is_page(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def test_no_comment_of_a_programmer_is_lost() -> None:
    lost = [
        (file, text)
        for entry in entries()
        for file in entry.files
        if (text := source.comments_of(file).get(entry.source)) and text[1:].rstrip(".") not in first_line(entry)
    ]
    assert lost == [], "run `make messages`"


def test_each_comment_of_a_programmer_belongs_to_a_text() -> None:
    written = len(re.findall(r"^\s*# Translators:", "\n".join(python_files()), re.MULTILINE))
    files = {file for entry in entries() for file in entry.files}
    assert written == sum(len(source.comments_of(file)) for file in files)


def python_files() -> Iterator[str]:
    for path in ROOT.rglob("*.py"):
        relative = path.relative_to(ROOT).parts
        if not relative[0].startswith(".") and "tests" not in relative and relative[0] not in {"var", "benchmarks"}:
            yield path.read_text(encoding="utf-8")


def test_the_comments_are_those_that_make_messages_writes() -> None:
    assert [entry.source for entry in entries() if entry.comment.split() != comment_for(entry).split()] == []


def test_a_comment_names_the_page_the_button_the_placeholder_and_the_length() -> None:
    (entry,) = [one for one in entries() if one.source == "Send a text message to %(number)s" and one.language == "da"]
    assert "Page: /enroll/methods/, /sign-in/verify/ and /security-info/" in entry.comment
    assert "At most " in first_line(entry)
    assert "masked" in first_line(entry)
    assert "students have these words on paper" in first_line(entry)
