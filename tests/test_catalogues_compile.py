"""Compile the catalogues before tests and portals, and name each error."""

import gettext
import os
from pathlib import Path

import pytest

from tools.catalogues import compile_one, compile_stale

TEXT = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#, python-format
msgid "%(count)d codes"
msgstr "{}"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(TEXT.format("%(count)d koder"))
    return source


def read(source: Path) -> str:
    with source.with_suffix(".mo").open("rb") as stream:
        return gettext.GNUTranslations(stream).gettext("%(count)d codes")


def test_a_catalogue_that_was_never_compiled_is(source: Path) -> None:
    compile_stale(source.parents[2])
    assert read(source) == "%(count)d koder"


def test_a_catalogue_that_changed_is_compiled_and_no_other(source: Path) -> None:
    compile_stale(source.parents[2])
    source.write_text(TEXT.format("%(count)d sms-koder"))
    os.utime(source, (0, 0))
    compile_stale(source.parents[2])
    assert read(source) == "%(count)d koder"
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    compile_stale(source.parents[2])
    assert read(source) == "%(count)d sms-koder"


def test_nothing_but_the_compiled_file_is_left(source: Path) -> None:
    compile_one(source)
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_a_translation_with_another_placeholder_is_named_with_its_line(source: Path) -> None:
    source.write_text(TEXT.format("%(number)d koder"))
    (error,) = compile_one(source)
    assert f"{source}:6: " in error


def test_a_catalogue_that_cannot_be_read_is_named(source: Path) -> None:
    source.write_text('msgid "unfinished"\nno keyword of a catalogue\n')
    (error,) = compile_one(source)
    assert str(source) in error
    assert not source.with_suffix(".mo").exists()
