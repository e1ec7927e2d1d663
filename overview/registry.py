"""The registry of counters, gauges, sentences and figures. Factors register their own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise

from accounts.models import Account
from overview.content import Content
from overview.filters import Filters
from overview.rows import Now, Rows, Wanted
from overview.targets import Target, TargetSource


@dataclass(frozen=True, order=True)
class Counted:
    """One number of an hour, as `HourlyFigure` stores it. `hour` is an aware datetime at a full hour."""

    hour: datetime
    series: str
    label: str
    affiliation: str
    language: str
    value: int


def _for_ever() -> None:
    return None


@dataclass(frozen=True)
class Counter:
    """Counts the events in the hours of [start, end), with few queries, all supported by an index.

    Hours that are not yielded count as zero. `known` returns how long the source rows stay complete, or None for
    forever. Older hours are counted once and never recounted.
    """

    series: str
    count: Callable[[datetime, datetime], Iterable[Counted]]
    known: Callable[[], timedelta | None] = _for_ever


@dataclass(frozen=True)
class Gauge:
    """Measures the current state. The values are stored for the hour that is passed, and cannot be measured later."""

    series: str
    measure: Callable[[datetime], Iterable[Counted]]


@dataclass(frozen=True)
class Sentence:
    """One sentence at the top of the page, built from the rows of the last day. The lowest `place` comes first."""

    place: int
    series: tuple[str, ...]
    say: Callable[[Now], str]


@dataclass(frozen=True)
class Figure:
    """One figure. `slug` is its name in URLs, and `make` returns its content.

    Its series are `counts` (summed by hour or day), `gauges` (last measured) and `totals` (summed over the period).
    Series that are also in `nobodys` ignore the affiliation and language filters.
    """

    place: int
    slug: str
    heading: str | Promise
    make: Callable[[Rows, Filters], Content]
    counts: tuple[str, ...] = ()
    gauges: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    nobodys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Something that fails now: a sentence, since when, and what the helpdesk tells callers.

    Operators get a mail about each `name`, at most once an hour. Without a name they are told in another way.
    """

    said: str
    tell: str = ""
    since: datetime | None = None
    name: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page above the numbers, such as a queue of work.

    `make` takes the user, and returns the variables of the `template`, or None if the user sees no such part.
    """

    place: int
    template: str
    make: Callable[[Account], dict[str, Any] | None]


_counters: dict[str, Counter] = {}
_gauges: dict[str, Gauge] = {}
_sentences: list[Sentence] = []
_figures: dict[str, Figure] = {}
_target_sources: list[TargetSource] = []
_troubles: list[Callable[[], Iterable[Trouble]]] = []
_parts: list[Part] = []


def register_counter(counter: Counter) -> None:
    """Add a counter. Raise ValueError if its series is already registered."""
    _free(counter.series)
    _counters[counter.series] = counter


def register_gauge(gauge: Gauge) -> None:
    """Add a gauge. Raise ValueError if its series is already registered."""
    _free(gauge.series)
    _gauges[gauge.series] = gauge


def register_sentence(sentence: Sentence) -> None:
    _sentences.append(sentence)


def register_figure(figure: Figure) -> None:
    """Add a figure. Raise ValueError if its slug is already registered."""
    if figure.slug in _figures:
        raise ValueError(f"Figure {figure.slug!r} is registered twice.")
    _figures[figure.slug] = figure


def register_target_source(source: TargetSource) -> None:
    """Add where a figure finds targets."""
    _target_sources.append(source)


def register_trouble(find: Callable[[], Iterable[Trouble]]) -> None:
    """Add a function that returns what fails now, the worst first. It uses few queries."""
    _troubles.append(find)


def register_part(part: Part) -> None:
    _parts.append(part)


def troubles() -> list[Trouble]:
    """Return what fails now, in the order of registration."""
    return [trouble for find in _troubles for trouble in find()]


def parts() -> list[Part]:
    """Return the parts of the page in display order."""
    return sorted(_parts, key=lambda part: part.place)


def _free(series: str) -> None:
    if series in _counters or series in _gauges:
        raise ValueError(f"Series {series!r} is registered twice.")


def counters() -> Iterator[Counter]:
    yield from _counters.values()


def gauges() -> Iterator[Gauge]:
    yield from _gauges.values()


def sentences() -> list[Sentence]:
    """Return the sentences in display order."""
    return sorted(_sentences, key=lambda sentence: sentence.place)


def figures() -> list[Figure]:
    """Return the figures in display order."""
    return sorted(_figures.values(), key=lambda figure: figure.place)


def figure(slug: str) -> Figure | None:
    """Return the figure with that slug, or None."""
    return _figures.get(slug)


def targets(slug: str, rows: Rows) -> list[Target]:
    """Return the targets of the figure of that name."""
    return [target for source in _target_sources if source.figure == slug for target in source.find(rows)]


def wanted(shown: Iterable[Figure]) -> Wanted:
    """Return the series that the figures need."""
    them = list(shown)
    counts, gauges, totals, nobodys = (
        frozenset(series for one in them for series in getattr(one, kind))
        for kind in ("counts", "gauges", "totals", "nobodys")
    )
    slugs = {figure.slug for figure in them}
    of_targets = {source.gauge for source in _target_sources if source.figure in slugs}
    return Wanted(counts, gauges | of_targets, totals, nobodys)
