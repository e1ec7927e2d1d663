"""The overview's filters: period, affiliation and language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Period:
    """A period that ends now, split into hours or local days."""

    slug: str
    label: str | Promise
    days: int
    hourly: bool = False

    def slots(self, now: datetime) -> list[datetime]:
        """Return the start of each hour or local day, in UTC, oldest first. The last slot is the current one."""
        if self.hourly:
            running = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            return [running - HOUR * number for number in reversed(range(24 * self.days))]
        today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        # Wall-clock arithmetic: a local day can have 23 or 25 hours.
        return [(today - timedelta(days=number)).astimezone(UTC) for number in reversed(range(self.days))]


PERIODS = (
    Period("48h", _("48 hours"), 2, hourly=True),
    Period("7d", _("7 days"), 7),
    Period("30d", _("30 days"), 30),
    Period("12m", _("12 months"), 365),
)
AFFILIATIONS = (("student", _("Students")), ("employee", _("Employees")))


@dataclass(frozen=True)
class Filters:
    """The requested filters. `nonsense` is True if the query had an unknown value, which is then ignored."""

    period: Period = PERIODS[0]
    affiliation: str = ""
    language: str = ""
    nonsense: bool = False

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Filters:
        """Return the filters of a query string. Unknown values fall back to the defaults."""
        period, affiliation, language = (data.get(name, "") for name in ("period", "affiliation", "language"))
        chosen = next((one for one in PERIODS if one.slug == period), None)
        affiliations, languages = dict(AFFILIATIONS), dict(settings.LANGUAGES)
        return cls(
            chosen or PERIODS[0],
            affiliation if affiliation in affiliations else "",
            language if language in languages else "",
            bool(period and not chosen)
            or bool(affiliation and affiliation not in affiliations)
            or bool(language and language not in languages),
        )

    @property
    def query(self) -> str:
        """The query string that selects the same filters."""
        asked = {"period": self.period.slug, "affiliation": self.affiliation, "language": self.language}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def fields(self) -> Iterator[tuple[str, str | Promise, list[tuple[str, str | Promise, bool]]]]:
        """Yield the name, label and choices of each form field. A choice is (value, label, is selected)."""
        yield "period", _("Period"), [(one.slug, one.label, one == self.period) for one in PERIODS]
        who = [("", _("All")), *AFFILIATIONS]
        yield "affiliation", _("Affiliation"), [(value, label, value == self.affiliation) for value, label in who]
        spoken = [("", _("All")), *settings.LANGUAGES]
        yield "language", _("Language"), [(value, label, value == self.language) for value, label in spoken]
