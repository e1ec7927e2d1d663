"""The catalogues in locale/: complete, consistent with the source, and worded as the glossary requires."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib  # type: ignore[import-untyped]
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LANGUAGES = ["da", "en"]

# The command that `make messages` runs.
EXTRACT = (
    "makemessages --locale da --locale en --no-wrap --no-obsolete --add-location file"
    " --ignore var --ignore benchmarks --ignore docs --ignore tests"
)

# Words that the glossary replaces with others.
FORBIDDEN_IN_DANISH = [
    r"venligst",
    r"ugyldig",
    r"påkrævet",
    r"beklager",
    r"gensend",
    r"tekstbesked",
    r"bekræftelseskode",
    r"\blog(ge|ger|get|gede)? (på|af)\b",
    r"[“„\"«»]",  # quotation marks are ”…”
]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")

needs_msgfmt = pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed (msgfmt)")
needs_xgettext = pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed (xgettext)")


def path_of(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def entries(language: str) -> list[Any]:
    return list(polib.pofile(str(path_of(language))))


def sources(entry: Any) -> list[str]:
    return [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]


def translations(entry: Any) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def keys(path: Path) -> set[tuple[str, str, str]]:
    """Return what identifies each entry of a catalogue: context, text and plural text."""
    catalogue = polib.pofile(str(path))
    return {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in catalogue if not entry.obsolete}


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


# --- flaws: each function returns whether the entry has the flaw ---


def is_untranslated(entry: Any) -> bool:
    texts = translations(entry)
    return not texts or not all(text.strip() for text in texts)


def lacks_a_plural_form(entry: Any) -> bool:
    return bool(entry.msgid_plural) and set(entry.msgstr_plural) != {0, 1}


def has_other_placeholders(entry: Any) -> bool:
    """Whether placeholders differ from the source.

    The singular may include or omit the number, as either source form does.
    """
    expected = [placeholders(source) for source in sources(entry)]
    first, *rest = [placeholders(text) for text in translations(entry)] or [set()]
    return first not in expected or any(form != expected[-1] for form in rest)


def has_other_newlines(entry: Any) -> bool:
    def ends(text: str) -> tuple[bool, bool]:
        return text.startswith("\n"), text.endswith("\n")

    return len({ends(text) for text in sources(entry) + translations(entry)}) > 1


def has_double_spaces(entry: Any) -> bool:
    return any("  " in text for text in sources(entry) + translations(entry))


def has_tags(entry: Any) -> bool:
    return any(TAG.search(source) for source in sources(entry))


FLAWS: list[Callable[[Any], bool]] = [
    is_untranslated,
    lacks_a_plural_form,
    has_other_placeholders,
    has_other_newlines,
    has_double_spaces,
    has_tags,
]


def forbidden_words(text: str) -> list[str]:
    return [word for word in FORBIDDEN_IN_DANISH if re.search(word, text, re.IGNORECASE)]


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_has_a_flaw(language: str, flaw: Callable[[Any], bool]) -> None:
    assert [entry.msgid for entry in entries(language) if not entry.obsolete and flaw(entry)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_or_obsolete(language: str) -> None:
    assert not polib.pofile(str(path_of(language))).metadata_is_fuzzy
    assert [entry.msgid for entry in entries(language) if entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_names_two_plural_forms(language: str) -> None:
    metadata = polib.pofile(str(path_of(language))).metadata
    assert metadata["Plural-Forms"].rstrip(";").replace(" ", "") in {
        "nplurals=2;plural=(n!=1)",
        "nplurals=2;plural=n!=1",
    }
    assert metadata["Content-Type"] == "text/plain; charset=UTF-8"


def test_both_languages_have_the_same_entries() -> None:
    assert keys(path_of("da")) == keys(path_of("en"))


def test_danish_is_worded_as_the_glossary_wants() -> None:
    found = [
        (text, words) for entry in entries("da") for text in translations(entry) if (words := forbidden_words(text))
    ]
    assert found == []


@needs_msgfmt
@pytest.mark.parametrize("language", LANGUAGES)
def test_msgfmt_has_nothing_to_say(language: str) -> None:
    command = ["msgfmt", "--check", "--output-file", os.devnull, str(path_of(language))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@needs_xgettext
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_what_the_source_says_now(language: str, extracted: Path) -> None:
    now, then = keys(path_of(language, extracted)), keys(path_of(language))
    assert (now - then, then - now) == (set(), set()), "run `make messages`, then translate"


def test_make_messages_extracts_as_this_test_does() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n\t", "")
    assert EXTRACT in makefile


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree with newly extracted catalogues."""
    copy = tmp_path_factory.mktemp("extracted") / "tree"
    ignored = shutil.ignore_patterns(".*", "var", "benchmarks", "docs", "tests", "__pycache__", "*.mo")
    shutil.copytree(ROOT, copy, ignore=ignored)
    # Without settings: extraction only reads files and needs no app.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", *EXTRACT.split()]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return copy


@pytest.mark.parametrize(
    ("flaw", "entry"),
    [
        (is_untranslated, polib.POEntry(msgid="Next")),
        (is_untranslated, polib.POEntry(msgid="a", msgid_plural="b", msgstr_plural={0: "a", 1: ""})),
        (lacks_a_plural_form, polib.POEntry(msgid="a", msgid_plural="b", msgstr_plural={0: "a"})),
        (has_other_placeholders, polib.POEntry(msgid="To %(name)s", msgstr="Til %(navn)s")),
        (has_other_placeholders, polib.POEntry(msgid="To {name}", msgstr="Til")),
        (has_other_newlines, polib.POEntry(msgid="Next\n", msgstr="Næste")),
        (has_double_spaces, polib.POEntry(msgid="Go on", msgstr="Gå  videre")),
        (has_tags, polib.POEntry(msgid="<b>Next</b>", msgstr="Næste")),
    ],
)
def test_a_flaw_is_seen(flaw: Callable[[Any], bool], entry: Any) -> None:
    assert [seen for seen in FLAWS if seen(entry)] == [flaw]


def test_a_singular_may_leave_out_the_number() -> None:
    forms = {0: "Et forsøg", 1: "%(count)s forsøg"}
    assert not has_other_placeholders(
        polib.POEntry(msgid="One try", msgid_plural="%(count)s tries", msgstr_plural=forms)
    )


@pytest.mark.parametrize(
    "text", ["Venligst indtast", "Koden er ugyldig", "Log på", "Du er logget af", "“Ja”", "Send sms"]
)
def test_a_forbidden_word_is_seen(text: str) -> None:
    assert bool(forbidden_words(text)) is (text != "Send sms")
