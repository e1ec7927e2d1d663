"""The catalogues in locale/ have no fault, and match the source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from mfa_sms import texts
from mfa_sms.models import Purpose
from words import catalogues
from words.catalogues import Entry
from words.checks import check_all
from words.checks.sms import kind_of
from words.faults import ROOT

needs_xgettext = pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed (xgettext)")


def english() -> list[Entry]:
    return catalogues.read(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po").entries


def test_make_words_finds_nothing() -> None:
    assert [str(fault) for fault in check_all()] == []


def test_each_language_of_the_settings_has_a_catalogue_and_no_other_has() -> None:
    folders = {path.parent.parent.name for path in catalogues.catalogue_paths()}
    assert folders == set(dict(settings.LANGUAGES))


def test_each_text_message_is_marked_as_one_so_that_its_length_is_checked() -> None:
    with override("en"):
        # Tests register a factor of their own, whose texts are in no catalogue.
        ours = {text for entry in english() for text in entry.texts}
        notices = {str(text) for text in texts.notice_texts().values()} & ours
    assert notices
    marked = {kind: {entry.texts[0] for entry in english() if kind_of(entry) == kind} for kind in ("code", "notice")}
    assert notices <= marked["notice"]
    assert len(marked["code"]) == len(set(Purpose) - {Purpose.CALLER})
    # No browser fills in the code of a caller, so its text has the length of a notice.
    assert any(text.startswith("%(code)s") for text in marked["notice"])


@needs_xgettext
def test_make_messages_would_change_nothing(extracted: Path) -> None:
    for path in catalogues.catalogue_paths():
        now = (extracted / path.relative_to(ROOT)).read_text(encoding="utf-8").splitlines()
        then = path.read_text(encoding="utf-8").splitlines()
        assert set(now) ^ set(then) == set(), "run `make messages`, then translate"


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree with newly extracted catalogues."""
    copy = tmp_path_factory.mktemp("extracted") / "tree"
    ignored = shutil.ignore_patterns(".*", "var", "benchmarks", "docs", "tests", "__pycache__", "*.mo")
    shutil.copytree(ROOT, copy, ignore=ignored)
    # Without settings: extraction only reads files and needs no app.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = ["make", "-s", "extract", f"VENV={sys.executable}"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return copy
