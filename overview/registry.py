"""The registry of what is counted and what the overview says of it. Factors add their own, as they add methods."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from overview.content import Content
from overview.filters import Filters
from overview.rows import Now, Rows, Wanted
from overview.targets import Target, TargetSource


@dataclass(frozen=True, order=True)
class Counted:
    """One number of an hour, as `HourlyFigure` keeps it; `hour` is aware and full."""

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
    """Counts what happened in the hours of [start, end), in few queries that follow an index.

    What an hour does not yield is zero. `known` returns for how long the rows it counts tell all of it, None for ever:
    hours that are older are counted once and then left as they are.
    """

    series: str
    count: Callable[[datetime, datetime], Iterable[Counted]]
    known: Callable[[], timedelta | None] = _for_ever


@dataclass(frozen=True)
class Gauge:
    """Measures what stands now; its values belong to the hour that runs, which is given. No later hour tells them."""

    series: str
    measure: Callable[[datetime], Iterable[Counted]]


@dataclass(frozen=True)
class Sentence:
    """One sentence of the top of the page, of the rows of the last day. The lowest `place` comes first."""

    place: int
    series: tuple[str, ...]
    say: Callable[[Now], str]


@dataclass(frozen=True)
class Figure:
    """One figure: `slug` names it in addresses, `make` its heading, numbers and drawing.

    It is made of series that are summed by hour or day (`counts`), of such as stood at the end of it (`gauges`), and of
    such as are summed over the whole period (`totals`). `nobodys` are those of them that affiliation and language do
    not filter.
    """

    place: int
    slug: str
    heading: str | Promise
    make: Callable[[Rows, Filters], Content]
    counts: tuple[str, ...] = ()
    gauges: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    nobodys: tuple[str, ...] = ()


_counters: dict[str, Counter] = {}
_gauges: dict[str, Gauge] = {}
_sentences: list[Sentence] = []
_figures: dict[str, Figure] = {}
_target_sources: list[TargetSource] = []


def register_counter(counter: Counter) -> None:
    """Add a counter. Raises ValueError where its series is taken."""
    _free(counter.series)
    _counters[counter.series] = counter


def register_gauge(gauge: Gauge) -> None:
    """Add a gauge. Raises ValueError where its series is taken."""
    _free(gauge.series)
    _gauges[gauge.series] = gauge


def register_sentence(sentence: Sentence) -> None:
    """Add a sentence."""
    _sentences.append(sentence)


def register_figure(figure: Figure) -> None:
    """Add a figure. Raises ValueError where its slug is taken."""
    if figure.slug in _figures:
        raise ValueError(f"Figure {figure.slug!r} is registered twice.")
    _figures[figure.slug] = figure


def register_target_source(source: TargetSource) -> None:
    """Add where a figure finds targets."""
    _target_sources.append(source)


def _free(series: str) -> None:
    if series in _counters or series in _gauges:
        raise ValueError(f"Series {series!r} is registered twice.")


def counters() -> Iterator[Counter]:
    """Yield the counters."""
    yield from _counters.values()


def gauges() -> Iterator[Gauge]:
    """Yield the gauges."""
    yield from _gauges.values()


def sentences() -> list[Sentence]:
    """Return the sentences in the order in which they stand."""
    return sorted(_sentences, key=lambda sentence: sentence.place)


def figures() -> list[Figure]:
    """Return the figures in the order in which they stand."""
    return sorted(_figures.values(), key=lambda figure: figure.place)


def figure(slug: str) -> Figure | None:
    """Return the figure of that name, if there is one."""
    return _figures.get(slug)


def targets(slug: str, rows: Rows) -> list[Target]:
    """Return the targets of the figure of that name."""
    return [target for source in _target_sources if source.figure == slug for target in source.find(rows)]


def wanted(shown: Iterable[Figure]) -> Wanted:
    """Return the series that the figures are made of."""
    them = list(shown)
    counts, gauges, totals, nobodys = (
        frozenset(series for one in them for series in getattr(one, kind))
        for kind in ("counts", "gauges", "totals", "nobodys")
    )
    slugs = {figure.slug for figure in them}
    of_targets = {source.gauge for source in _target_sources if source.figure in slugs}
    return Wanted(counts, gauges | of_targets, totals, nobodys)
