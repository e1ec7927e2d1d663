"""The documents agree with the code: cited steps, Danish words, and links."""

import re
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest

from kumfa.settings import BASE_DIR

DOCUMENTS = sorted([*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").rglob("*.md")])
SOURCES = [
    path
    for folder in BASE_DIR.iterdir()
    if folder.is_dir() and folder.name not in {"var", "docs"} and not folder.name.startswith(".")
    for suffix in ("*.py", "*.html", "*.js", "*.css")
    for path in folder.rglob(suffix)
]
STEP = re.compile(r"\b([RES]\d{1,2})\b")
# Ruff codes that look like steps, and prefixes of rules.
NOT_A_STEP = re.compile(r"noqa.*|select = .*|\bD1\b")


def table_rows(path: Path) -> list[list[str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_each_step_that_the_code_cites_is_in_the_guide() -> None:
    steps = {row[0] for row in table_rows(BASE_DIR / "docs/guide.md")}
    assert {"R1", "R7", "E1", "E12", "S1", "S5"} <= steps
    cited = {
        (step, str(path.relative_to(BASE_DIR)))
        for path in SOURCES
        if path != Path(__file__)
        for step in STEP.findall(NOT_A_STEP.sub("", path.read_text(encoding="utf-8")))
    }
    assert len(cited) > 10
    assert {(step, path) for step, path in cited if step not in steps} == set()


def test_the_danish_words_of_the_guide_and_the_glossary_are_those_of_the_catalogue() -> None:
    catalogue = "\n".join(
        text
        for entry in polib.pofile(str(BASE_DIR / "locale/da/LC_MESSAGES/django.po"))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    ).casefold()
    words = {row[1] for row in table_rows(BASE_DIR / "docs/glossary.md")} - {"–", "Danish", "---"}
    words = {word.strip('"') for cell in words for word in cell.split(", ")}
    words |= set(re.findall("`([^`.]+?)`", "".join(row[2] for row in table_rows(BASE_DIR / "docs/guide.md")))) - {"@"}
    missing = {word for word in words if word.casefold() not in catalogue and not word.startswith(("Send sms", "PASS"))}
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(BASE_DIR)))
def test_each_link_to_a_file_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
