"""The content of a figure. Its table, CSV file and drawing use the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.safestring import SafeString

Cell = int | float | str | None


@dataclass(frozen=True)
class Table:
    """Numbers with a heading for each row and column. A row is a time slot or has a name.

    None is an unknown number. A float is a percentage.
    """

    first: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | datetime, tuple[Cell, ...]], ...] = ()

    def column(self, place: int) -> list[Cell]:
        return [cells[place] for _name, cells in self.rows]


@dataclass(frozen=True)
class Content:
    """The numbers of a figure, a one-sentence summary (`said`), its drawing, and notes for the reader.

    `draw` takes the figure's slug, which prefixes the ids in the drawing. It returns the drawing's height and its
    elements. If `draw` is None, the figure has no drawing.
    """

    said: str
    table: Table
    draw: Callable[[str], tuple[int, SafeString]] | None = None
    notes: tuple[str, ...] = ()


def number(value: Cell) -> str:
    """Return a number formatted for the current language: "31.204" or "77,8 %" in Danish.

    Strings are returned unchanged. None gives an en dash.
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{number_format(value, 1, use_l10n=True, force_grouping=True)} %"
    return number_format(value, use_l10n=True, force_grouping=True)


def percent(part: int, whole: int) -> float | None:
    """Return the percentage, rounded to one decimal, or None if `whole` is 0."""
    return round(100 * part / whole, 1) if whole else None
