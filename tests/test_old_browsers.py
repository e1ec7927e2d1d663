"""Stylesheets and scripts use nothing that the oldest supported phones lack, or have a fallback for it (R7)."""

import re
from pathlib import Path

import pytest

from kumfa.settings import BASE_DIR
from tests.old_browsers import ALL, CHROME, SAFARI, SCRIPTS, Modern, faults_of_css, faults_of_script

STYLES = sorted((BASE_DIR / "static" / "css").glob("*.css"))
CODE = sorted((BASE_DIR / "static" / "js").glob("*.js"))
# A browser that fills in codes from text messages has it. The script asks for that first.
ALLOWED = {"page.js": ["AbortController: AbortController"]}


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_works_in_old_browsers(path: Path) -> None:
    assert faults_of_css(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_a_script_works_in_old_browsers(path: Path) -> None:
    assert faults_of_script(path.read_text(encoding="utf-8")) == ALLOWED.get(path.name, [])


def test_the_page_for_a_fault_of_ours_works_in_old_browsers() -> None:
    page = (BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
    assert faults_of_css(page.partition("<style>")[2].partition("</style>")[0]) == []


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.name)
def test_a_row_finds_its_example_and_is_needed(row: Modern) -> None:
    assert re.search(row.pattern, row.example, re.MULTILINE)
    assert row.chrome > CHROME or row.safari > SAFARI


@pytest.mark.parametrize(
    "css",
    [
        "input:not([type=hidden]):not([type=radio]) { width: 100% }",
        "a:focus { outline: 1px solid } :focus:not(:focus-visible) { outline: 0 }",
        "p { right: 8px; right: max(8px, 2%) }",
        "p { word-break: break-word; overflow-wrap: anywhere }",
        "div { grid-template-columns: repeat(auto-fill, minmax(10px, 1fr)); grid-gap: 8px }",
        "/* gap: 8px */ p { clip-path: inset(50%); box-shadow: inset 0 0 0 2px red }",
    ],
)
def test_a_fallback_is_enough(css: str) -> None:
    assert faults_of_css(css) == []


@pytest.mark.parametrize(
    "css",
    [
        "p { right: max(8px, 2%); right: 8px }",
        "p { left: 8px; right: max(8px, 2%) }",
        "@media print { .pair { display: flex; gap: 16px } }",
        "a:focus-visible, a:hover { outline: 1px solid }",
    ],
)
def test_what_is_no_fallback_is_not_enough(css: str) -> None:
    assert faults_of_css(css) != []


def test_comments_of_a_script_are_not_read() -> None:
    assert faults_of_script("// a?.b\nconst a = b ? .5 : 1;\n") == []
    assert len(SCRIPTS) > len(faults_of_script("try { a(); } catch { }")) == 1
