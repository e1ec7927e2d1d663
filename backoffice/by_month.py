"""The base admin for large tables: it shows one month, one day, or search results."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.read_only import ReadOnlyModelAdmin

_FIRST_YEAR = 2020


@dataclass(frozen=True)
class Choice:
    """A year, a month or a day to choose. The current one has no link."""

    title: str
    link: str = ""


class ByMonthModelAdmin(ReadOnlyModelAdmin):
    """Shows the current month by default. Every filter applies to one month or one day, except in a search.

    The months and days to choose come from the calendar. Django's date hierarchy looks for those with rows. That query
    reads a whole month for each page, and the whole table for the first one.
    """

    change_list_template = "backoffice/by_month.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show a month, a day, or search results, below the calendar."""
        names = self._names()
        chosen = _chosen(request.GET, names)
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context["calendar"] = list(_rows(context["cl"], names, chosen))
        return response

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the rows of a month, a day or a search, for the page and for the export."""
        query, names = request.GET.copy(), self._names()
        chosen = _chosen(query, names)
        for name in names:
            query.pop(name, None)
        if chosen or not query.get("q", "").strip():
            today = timezone.localdate()
            for name, part in zip(names, chosen or (today.year, today.month), strict=False):
                query[name] = str(part)
        request.GET = query  # type: ignore[assignment]
        return super().get_changelist_instance(request)

    def _names(self) -> tuple[str, str, str]:
        field = self.date_hierarchy
        return f"{field}__year", f"{field}__month", f"{field}__day"


def _chosen(query: QueryDict, names: tuple[str, str, str]) -> tuple[int, ...]:
    """Return year, month and, if chosen, day. Return an empty tuple for an invalid or a future date."""
    today = timezone.localdate()
    try:
        year = int(query.get(names[0], ""))
        month = int(query.get(names[1], "") or (today.month if year == today.year else 12))
        day = int(query.get(names[2], "") or 0)
        first = date(year, month, day or 1)
    except (ValueError, OverflowError):
        return ()
    if not year >= _FIRST_YEAR or first > today:
        return ()
    return (year, month, day) if day else (year, month)


def _rows(shown: Any, names: tuple[str, str, str], chosen: tuple[int, ...]) -> Iterator[list[Choice]]:
    """Yield the months of the chosen year with links to its neighbors, then the days of the chosen month."""
    today = timezone.localdate()
    year = chosen[0] if chosen else today.year

    def choice(title: str, *parts: int) -> Choice:
        link = shown.get_query_string(dict(zip(names, parts, strict=False)), [f"{name}" for name in names])
        return Choice(title, "" if parts == current else link)

    current = chosen if chosen or shown.query else (today.year, today.month)
    months = [choice(f"‹ {year - 1}", year - 1, 12)] if year > _FIRST_YEAR else []
    for month in range(1, 13 if year < today.year else today.month + 1):
        months.append(choice(date_format(date(year, month, 1), "F Y"), year, month))
    if year < today.year:
        months.append(choice(f"{year + 1} ›", year + 1, 1))
    yield months
    if current:
        days = range(1, calendar.monthrange(current[0], current[1])[1] + 1)
        past = [day for day in days if date(current[0], current[1], day) <= today]
        yield [choice(str(day), current[0], current[1], day) for day in past]
