"""The overview page of the admin and the CSV files of its figures. Both are read-only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.models import Account
from common import clock, csv_export
from overview import registry, rows, svg
from overview.content import Cell, Content, number
from overview.filters import Filters
from overview.registry import Figure

_LONG = 12  # rows; a longer table is collapsed


def may_see(request: HttpRequest) -> bool:
    """Return whether the user may see the numbers: this needs the permission to view accounts."""
    return bool(request.user.has_perm("accounts.view_account"))


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what fails now, the registered parts, the sentences, the figures and the admin's tables.

    Users who may not see numbers get only the parts of their role and the tables.
    """
    user = cast(Account, request.user)
    shown = ((part.template, part.make(user)) for part in registry.parts())
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Overview"),
        "parts": [(template, variables) for template, variables in shown if variables is not None],
    }
    if may_see(request):
        context |= {"troubles": registry.troubles()} | _now() | _figures(Filters.read(request.GET))
    return TemplateResponse(request, "overview/overview.html", context)


@require_safe
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the numbers of one figure as a CSV file: UTF-8, semicolons, ISO 8601 times."""
    if not may_see(request):
        raise PermissionDenied
    figure = registry.figure(slug)
    if figure is None:
        raise Http404
    filters = Filters.read(request.GET)
    table = figure.make(rows.read_rows(filters, registry.wanted([figure])), filters).table
    lines: list[list[object]] = [[table.first, *table.columns]]
    for name, cells in table.rows:
        first = timezone.localtime(name).isoformat() if isinstance(name, datetime) else name
        lines.append([first, *(_plain(cell) for cell in cells)])
    file_name = f"{figure.slug}-{filters.period.slug}.csv"
    return HttpResponse(
        csv_export.csv_chunks(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def _plain(cell: Cell) -> Cell:
    """Return a float with the decimal separator of the language. Return any other cell unchanged."""
    return number_format(cell, 1, use_l10n=True, force_grouping=False) if isinstance(cell, float) else cell


def _now() -> dict[str, Any]:
    sentences = registry.sentences()
    now = rows.read_now(series for sentence in sentences for series in sentence.series)
    counted_at = now.counted_at
    return {
        "sentences": [said for sentence in sentences if (said := sentence.say(now))],
        "counted_at": counted_at,
        "stale": counted_at is None or now.at - counted_at > settings.OVERVIEW_STALE,
    }


def _figures(filters: Filters) -> dict[str, Any]:
    figures = registry.figures()
    read = rows.read_rows(filters, registry.wanted(figures))
    return {
        "filters": filters,
        "figures": [Shown(figure, figure.make(read, filters), filters) for figure in figures],
    }


@dataclass(frozen=True)
class Shown:
    """A figure as the page shows it."""

    figure: Figure
    content: Content
    filters: Filters

    @property
    def drawing(self) -> SafeString | str:
        """The drawing with its title and description, or an empty string if there is nothing to draw."""
        if self.content.draw is None:
            return ""
        slug = self.figure.slug
        height, inside = self.content.draw(slug)
        title = svg.tag("title", str(self.figure.heading), id=f"{slug}-title")
        said = svg.tag("desc", self.content.said, id=f"{slug}-desc")
        return svg.tag(
            "svg",
            title,
            said,
            inside,
            xmlns="http://www.w3.org/2000/svg",
            role="img",
            aria_labelledby=f"{slug}-title {slug}-desc",
            viewBox=f"0 0 {svg.WIDTH} {height}",
            class_="ov-drawing",
        )

    @property
    def is_long(self) -> bool:
        """Whether the table is collapsed."""
        return len(self.content.table.rows) > _LONG

    @property
    def lines(self) -> Iterator[tuple[str, str, list[tuple[str, bool]]]]:
        """Yield (row name, ISO 8601 time or empty string, cells) for each row.

        Each cell is (text, whether the value is text and not a number).
        """
        for name, cells in self.content.table.rows:
            moment = timezone.localtime(name) if isinstance(name, datetime) else None
            words = self._time(moment) if moment else str(name)
            yield words, moment.isoformat() if moment else "", [(number(cell), isinstance(cell, str)) for cell in cells]

    def _time(self, moment: datetime) -> str:
        if not self.filters.period.hourly:
            return clock.day(moment)
        # Translators: day and hour in a narrow table, as a format of Django's date filter.
        return date_format(moment, pgettext("hour in a table", "j M, H:i"))

    @property
    def download(self) -> str:
        """The URL of the CSV file."""
        return f"{reverse('admin:overview_csv', args=[self.figure.slug])}?{self.filters.query}"
