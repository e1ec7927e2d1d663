"""What a figure holds: its numbers, which are the table, the CSV file and the drawing alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.safestring import SafeString

Cell = int | float | str | None


@dataclass(frozen=True)
class Table:
    """Numbers with a name for each row and column; a row is a slot of time, or has a name.

    None is a number that is not known; a float is a percentage.
    """

    first: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | datetime, tuple[Cell, ...]], ...] = ()

    def column(self, place: int) -> list[Cell]:
        """Return the cells of one column."""
        return [cells[place] for _name, cells in self.rows]


@dataclass(frozen=True)
class Content:
    """The numbers of a figure, one sentence that sums them up, the inside of its drawing, and what to know of it.

    `draw` gets the figure's slug, with which the ids in a drawing begin, and returns its height and its elements.
    Without it there is nothing to draw.
    """

    said: str
    table: Table
    draw: Callable[[str], tuple[int, SafeString]] | None = None
    notes: tuple[str, ...] = ()


def number(value: Cell) -> str:
    """Return a number as people read it, "31.204" and "77,8 %" in Danish; an en dash where it is not known."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{number_format(value, 1, use_l10n=True, force_grouping=True)} %"
    return number_format(value, use_l10n=True, force_grouping=True)


def percent(part: int, whole: int) -> float | None:
    """Return how many per cent the part is, to one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None
