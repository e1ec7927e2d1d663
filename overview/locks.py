"""The figure of locks and of throttled sign-ins, by cause."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import SecurityEvent
from limits import catalogue
from limits import events as limit_events
from notices import events as notice_events
from overview import charts
from overview.affiliation_columns import affiliation_columns
from overview.content import Content, Table, number
from overview.filters import Filters
from overview.registry import Counted
from overview.rows import Rows
from sign_in import methods
from sign_in.methods import events

LOCKS = "locks"
_CODES, _REPORT, _PASSWORDS = "codes", "report", "passwords"


def count_locks(start: datetime, end: datetime) -> Iterator[Counted]:
    """Count lock events: wrong codes by method, compromise reports, and limits of passwords that were reached.

    A limit that refuses an address all the time counts once a minute.
    """
    of_passwords = Q(kind=limit_events.LIMIT_REACHED, reason__in=[limit.name for limit in catalogue.PASSWORD_LIMITS])
    found = (
        SecurityEvent.objects.filter(
            Q(kind__in=[events.DEVICE_DISABLED, notice_events.REPORTED]) | of_passwords,
            at__gte=start,
            at__lt=end,
        )
        .annotate(hour=TruncHour("at", tzinfo=UTC), **affiliation_columns("account"))
        .order_by()
        .values_list("hour", "kind", "method", "account_affiliation", "account_language")
        .annotate(count=Count("pk"))
    )
    for hour, kind, method, who, language, number_of in found:
        if kind == notice_events.REPORTED and not method:
            continue  # this report locked no device
        label = {notice_events.REPORTED: _REPORT, limit_events.LIMIT_REACHED: _PASSWORDS}.get(
            kind, f"{_CODES}:{method}"
        )
        yield Counted(hour, LOCKS, label, who, language, number_of)


def make_locks_figure(rows: Rows, filters: Filters) -> Content:
    """Return the locks of each slot by cause, the most frequent cause first."""
    totals = sorted(rows.total(LOCKS).items(), key=lambda one: (-one[1], one[0]))
    labels = [label for label, _count in totals]
    counted = rows.by_slot(LOCKS)
    lines = [(slot, tuple(counted.get(slot, {}).get(label, 0) for label in labels)) for slot in rows.slots]
    names = tuple(_named(label) for label in labels)
    table = Table(_("Time"), names, tuple(lines))
    notes = [_("Wrong passwords may not belong to any account, so they are left out when you filter.")]
    if not labels:
        return Content(_("Nothing was locked in this period."), table, notes=tuple(notes))
    everything = sum(count for _label, count in totals)
    said = ngettext(
        "%(count)s lock or refusal in this period; most often: %(cause)s.",
        "%(count)s locks and refusals in this period; most often: %(cause)s.",
        everything,
    )
    said %= {"count": number(everything), "cause": names[0]}
    cells = [cells for _slot, cells in lines]
    hourly = filters.period.hourly
    return Content(said, table, lambda slug: charts.columns(slug, names, cells, rows.slots, hourly), tuple(notes))


def _named(label: str) -> str:
    if label == _REPORT:
        return _("Reported by the user")
    if label == _PASSWORDS:
        return _("Too many wrong passwords")
    app = label.partition(":")[2]
    method = next((str(method.label) for method in methods.all_methods() if method.owns(app)), app)
    return _("Wrong codes: %(method)s") % {"method": method}
