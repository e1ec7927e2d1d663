"""The table that the browser tests print at their end: each page, in how many states it was seen, and the findings."""

from collections import Counter
from typing import Any

import pytest

CHECKS = ("320 dark", "1280 light", "text spacing", "forced colors")

# Page and language -> states seen. Page, language and check -> findings.
_states: Counter[str] = Counter()
_findings: Counter[str] = Counter()


def saw(page: str) -> None:
    """Count a state of a page."""
    _states[page] += 1


def found(page: str, check: str, count: int) -> None:
    """Count the findings of a check in a state of a page."""
    _findings[f"{page}\t{check}"] += count


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the counts of a worker over to the main process."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["browser_states"], output["browser_findings"] = dict(_states), dict(_findings)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the counts of a worker."""
    output = getattr(node, "workeroutput", {})
    _states.update(output.get("browser_states", {}))
    _findings.update(output.get("browser_findings", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print one line for each page, and the sums."""
    if not _states:
        return
    terminalreporter.section("pages, states, findings")
    widths = [max(map(len, _states)), 6, *map(len, CHECKS)]
    for row in _rows():
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line("  ".join([first.strip().ljust(widths[0]), *others]))


def _rows() -> list[list[str]]:
    rows = [["page", "states", *CHECKS]]
    for page in sorted(_states):
        rows.append([page, str(_states[page]), *(str(_findings[f"{page}\t{check}"]) for check in CHECKS)])
    sums = (sum(count for key, count in _findings.items() if key.endswith(f"\t{check}")) for check in CHECKS)
    return [*rows, ["all", str(sum(_states.values())), *map(str, sums)]]
