"""Compile the catalogues before tests and portals, and name each error."""

import gettext
import os
from pathlib import Path

import pytest

from tools import catalogues
from tools.catalogues import compile_one, compile_stale

TEXT = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

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


def test_a_catalogue_with_a_text_that_breaks_a_page_is_refused_and_its_line_named(source: Path) -> None:
    source.write_text(TEXT.format("%(number)d koder"))
    (fault,) = compile_one(source)
    assert str(fault).startswith(f"{source}:8: “%(number)d” is not in the English text. Write “%(count)d”.")
    assert not source.with_suffix(".mo").exists()


def test_a_catalogue_with_another_fault_is_compiled(source: Path) -> None:
    source.write_text(TEXT.format("Venligst  %(count)d koder."))
    assert compile_one(source) == []
    assert source.with_suffix(".mo").exists()


def test_a_catalogue_that_cannot_be_read_is_named(source: Path) -> None:
    source.write_text('msgid "unfinished"\nno keyword of a catalogue\n')
    (fault,) = compile_one(source)
    assert str(fault).startswith(f"{source}:2: ")
    assert not source.with_suffix(".mo").exists()


def test_the_portal_does_not_start_with_such_a_catalogue(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(TEXT.format("<script>%(count)d koder"))
    monkeypatch.setattr(catalogues, "LOCALE", source.parents[2])
    assert catalogues.main() == 1
    assert f"{source}:8: “<script>” is markup that the English text does not have." in capsys.readouterr().out
    assert not source.with_suffix(".mo").exists()
