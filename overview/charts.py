"""Draws a figure's numbers as lines, stacked columns or bars. Each function returns the height and the elements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from overview import svg
from overview.content import Cell, number, percent
from overview.svg import LINE, WIDTH, tag, text

_LEFT, _RIGHT, _PLOT = 46, 12, 150
_INNER = WIDTH - _LEFT - _RIGHT
_NARROW = 100  # with more columns than this they touch and have no outline, so the hatching fills areas
_CHARACTER = 7.2  # approximate width of a character at font size 13


@dataclass(frozen=True)
class Line:
    """A line through points of (position on the time axis, value), labeled with `named`. Target lines are dotted."""

    named: str
    points: Sequence[tuple[float, float]]
    target: bool = False


@dataclass(frozen=True)
class Mark:
    """A mark on the time axis, at a slot or between two slots. `sign` is one character."""

    place: float
    sign: str


def lines(drawn: Sequence[Line], slots: Sequence[datetime], hourly: bool, beyond: float = 0) -> tuple[int, SafeString]:
    """Draw percentages over time. The time axis extends `beyond` slots past the last one."""
    top = 8 + LINE * len(drawn)
    last = max(len(slots) - 1 + beyond, 1)

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + _INNER * x / last, top + _PLOT * (1 - y / 100)

    parts = [*_grid([0, 25, 50, 75, 100], top, " %"), *_time_axis(slots, hourly, top, _INNER / last, 0)]
    for at, line in enumerate(drawn):
        style = f"ov-line ov-line-{'target' if line.target else at % 3}"
        points = [place(x, y) for x, y in line.points]
        parts.append(tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=style))
        if points:
            x, y = points[-1]
            parts.append(tag("circle", cx=x, cy=y, r=3.0, class_=f"ov-end ov-end-{'target' if line.target else at}"))
        y = 12 + LINE * at
        parts.append(tag("line", x1=_LEFT, x2=_LEFT + 34, y1=y - 4, y2=y - 4, class_=style))
        parts.append(text(_LEFT + 40, y, _cut(line.named, WIDTH - _LEFT - 40)))
    return top + _PLOT + 24, svg.join(*parts)


def columns(
    slug: str,
    names: Sequence[str],
    values: Sequence[Sequence[Cell]],
    slots: Sequence[datetime],
    hourly: bool,
    marks: Sequence[Mark] = (),
) -> tuple[int, SafeString]:
    """Draw one stacked column per slot from `values[slot][name]`, with a legend above."""
    top, legend = _legend(slug, names)
    top += LINE if marks else 4
    highest = max((sum(int(cell or 0) for cell in cells) for cells in values), default=0)
    grid = svg.ticks(highest)
    width = _INNER / max(len(slots), 1)
    narrow = len(slots) > _NARROW
    gap, style = (0.0, "ov-area") if narrow else (width * 0.08, "ov-shape")
    parts = [svg.patterns(slug, len(names)), *legend, *_grid(grid, top, "")]
    boxes: list[list[str]] = [[] for _name in names]
    for at, cells in enumerate(values):
        base = 0
        for series, cell in enumerate(cells):
            height = _PLOT * int(cell or 0) / grid[-1]
            y = top + _PLOT - _PLOT * base / grid[-1] - height
            base += int(cell or 0)
            if cell:
                boxes[series].append(svg.box(_LEFT + width * at + gap, y, width - 2 * gap, height))
    # One path for all boxes of a series: a year of columns would need a thousand elements.
    for series, drawn in enumerate(boxes):
        if drawn:
            parts.append(tag("path", d="".join(drawn), fill=svg.fill(slug, series), class_=style))
    for mark in marks:
        x = _LEFT + width * mark.place
        parts.append(tag("line", x1=x, x2=x, y1=top - 2, y2=top + _PLOT, class_="ov-mark"))
        parts.append(text(min(max(x, _LEFT), WIDTH - 12), top - 4, mark.sign, "middle"))
    parts += _time_axis(slots, hourly, top, width, 0.0 if hourly else 0.5)
    return top + _PLOT + 24, svg.join(*parts)


def bars(slug: str, named: Sequence[tuple[str, float, str]]) -> tuple[int, SafeString]:
    """Draw a bar for each (name, value, value in words), scaled to the longest bar, with the words after the bar."""
    longest = max((value for _name, value, _words in named), default=0) or 1
    room = max((len(words) for _name, _value, words in named), default=0) * _CHARACTER + 8
    parts = [svg.patterns(slug, 1)]
    y = 4
    for name, value, words in named:
        parts.append(text(0, y + 11, _cut(name, WIDTH)))
        width = max((WIDTH - room) * value / longest, 1)
        parts.append(tag("rect", x=0, y=y + 16, width=width, height=16, fill=svg.fill(slug, 0), class_="ov-shape"))
        parts.append(text(width + 6, y + 29, words))
        y += 42
    return y + 2, svg.join(*parts)


def share(part: int, whole: int) -> float:
    """Return the percentage, or 0 if `whole` is 0."""
    return percent(part, whole) or 0.0


def _legend(slug: str, names: Sequence[str]) -> tuple[int, list[SafeString]]:
    """Return the y coordinate below the legend, and its elements: each name with its fill, wrapped into lines."""
    parts: list[SafeString] = []
    x, y = 0.0, 2
    for at, name in enumerate(names):
        shown = _cut(name, WIDTH - 18)
        width = 18 + len(shown) * _CHARACTER + 12
        if x and x + width > WIDTH + 12:
            x, y = 0.0, y + LINE + 3
        parts.append(tag("rect", x=x + 1, y=y, width=12, height=12, fill=svg.fill(slug, at), class_="ov-shape"))
        parts.append(text(x + 18, y + 11, shown))
        x += width
    return y + LINE + 6, parts


def _grid(values: Sequence[int], top: int, unit: str) -> list[SafeString]:
    parts = []
    for value in values:
        y = top + _PLOT * (1 - value / values[-1])
        parts.append(tag("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, class_="ov-grid"))
        parts.append(text(_LEFT - 5, y + 4, f"{number(value)}{unit}", "end", "ov-text ov-tick"))
    return parts


def _time_axis(slots: Sequence[datetime], hourly: bool, top: int, width: float, middle: float) -> list[SafeString]:
    y = top + _PLOT
    parts = []
    free = 0.0
    for at, words in svg.time_ticks(slots, hourly):
        x = _LEFT + width * (at + middle)
        parts.append(tag("line", x1=x, x2=x, y1=y, y2=y + 4, class_="ov-axis"))
        half = len(words) * _CHARACTER / 2
        x = min(x, WIDTH - half - 4)
        if free <= x - half:
            parts.append(text(x, y + 18, words, "middle", "ov-text ov-tick"))
            free = x + half + 4
    return parts


def _cut(words: str, width: float) -> str:
    most = int(width / _CHARACTER)
    return words if len(words) <= most else f"{words[: most - 1]}…"
