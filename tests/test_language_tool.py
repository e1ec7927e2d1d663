"""`make language` adds a language in the one list of the settings, and starts its catalogue."""

import shutil
from pathlib import Path

import pytest

from tools.language import SETTINGS, Refused, add, fill_new, remove
from words import catalogues
from words.checks import check
from words.faults import LOCALE, ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with the settings and the English catalogue."""
    (tmp_path / SETTINGS).parent.mkdir(parents=True)
    shutil.copy(ROOT / SETTINGS, tmp_path / SETTINGS)
    shutil.copytree(LOCALE / "en", tmp_path / "locale" / "en")
    return tmp_path


def languages(root: Path) -> str:
    return next(line for line in (root / SETTINGS).read_text().splitlines() if line.startswith("LANGUAGES = "))


def test_a_new_language_is_in_the_settings_with_a_catalogue_in_its_plural_forms(root: Path) -> None:
    before = languages(root)
    add("pl", root)
    assert languages(root) == before.replace(")]", '), ("pl", _("Polish"))]')
    assert catalogues.read(root / "locale/pl/LC_MESSAGES/django.po").plural_count > 2


def test_people_read_english_until_a_text_is_translated_and_each_such_text_is_reported(root: Path) -> None:
    add("sv", root)
    path = root / "locale/sv/LC_MESSAGES/django.po"
    # As the extraction does.
    entries = 'msgid "Next"\nmsgstr ""\n\nmsgid "Go on"\nmsgstr "Fortsätt"\n'
    path.write_text(path.read_text() + "\n" + entries)
    assert fill_new("sv", root) == 1
    catalogue = catalogues.read(path)
    assert [entry.texts for entry in catalogue.entries] == [("Next",), ("Fortsätt",)]
    assert [fault.sentence.partition(".")[0] for fault in check(catalogue)] == ["“Next” is still English"]


def test_a_removed_language_leaves_nothing(root: Path) -> None:
    before = languages(root)
    add("sv", root)
    remove("sv", root)
    assert languages(root) == before
    assert not (root / "locale/sv").exists()


@pytest.mark.parametrize("code", ["", "xx", "zh-hans", "da"])
def test_an_unknown_language_and_one_that_is_there_are_refused(root: Path, code: str) -> None:
    with pytest.raises(Refused):
        add(code, root)


@pytest.mark.parametrize("code", ["da", "en", "sv"])
def test_the_first_languages_and_one_that_is_not_there_cannot_be_removed(root: Path, code: str) -> None:
    with pytest.raises(Refused):
        remove(code, root)
