"""The table of results."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.outcome import Outcome


def table(outcome: Outcome) -> str:
    """Return the table as Markdown."""
    return "\n".join(f"| {name} | {value} |" for name, value in _rows(outcome))


def _rows(outcome: Outcome) -> Iterator[tuple[str, str]]:
    yield "", ""
    yield "---", "---:"
    yield "messages", f"{outcome.statuses.total():,}"
    yield from _counts("", outcome.statuses)
    yield "lost, or received after the code's end", str(len(outcome.broken))
    yield "received twice", str(outcome.twice.total())
    yield from _counts("", outcome.twice)
    yield "seconds from commit to gateway: median", f"{outcome.delay(50):.2f}"
    yield "– 95 of 100", f"{outcome.delay(95):.2f}"
    yield "– longest", f"{max(outcome.delays, default=0):.1f}"
    yield "kills", str(outcome.kills.total())
    yield from _counts("", outcome.kills)
    yield "outages", str(outcome.troubles.total())
    yield from _counts("", outcome.troubles)
    yield from _counts("ended by itself: ", outcome.ended_by_themselves)
    yield from _counts("noted: ", outcome.noted)


def _counts(prefix: str, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if number:
            yield f"– {prefix}{name}", f"{number:,}"
