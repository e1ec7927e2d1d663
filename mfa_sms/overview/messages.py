"""Text messages by delivery status."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mfa_sms.models import TextMessage
from mfa_sms.overview import gateways
from overview import charts
from overview.affiliation_columns import affiliation_columns
from overview.content import Cell, Content, Table, number
from overview.filters import Filters
from overview.registry import Counted
from overview.rows import Now, Rows

MESSAGES = "messages"
Status = TextMessage.Status

# Statuses of messages that a gateway accepted. The gateway, or later an operator, refused a rejected one.
_LEFT = (Status.SENT, Status.DELIVERED, Status.UNDELIVERABLE, Status.EXPIRED)
# Statuses of messages that never reached a phone, because no gateway took them or an operator refused them.
_FAILED = (Status.REJECTED, Status.FAILED, Status.UNKNOWN, Status.CANCELLED)
_WAIT = (Status.QUEUED, Status.SENDING)
_MARGIN = timedelta(days=1)


def of_hours(start: datetime, end: datetime) -> QuerySet[Any]:
    """Return the messages requested in [start, end), without the tests that agents send.

    Each has its `hour` and its owner's affiliation columns.
    """
    rows = TextMessage.objects.filter(created_at__gte=start, created_at__lt=end).exclude(notice=TextMessage.TEST)
    # An index covers the messages that still have their number. All messages of this period have it.
    if start > timezone.now() - settings.SMS_NUMBERS_KEPT + _MARGIN:
        rows = rows.exclude(number="")
    return rows.annotate(hour=TruncHour("created_at", tzinfo=UTC), **affiliation_columns("account")).order_by()


def count_messages(start: datetime, end: datetime) -> Iterator[Counted]:
    """Count codes and notices by status."""
    found = (
        of_hours(start, end)
        .values_list("hour", "status", "account_affiliation", "account_language")
        .annotate(count=Count("pk"))
    )
    for hour, status, who, language, number_of in found:
        yield Counted(hour, MESSAGES, status, who, language, number_of)


def say_messages(now: Now) -> str:
    """Return a sentence on the messages sent and delivered in the last day."""
    counted = now.last_day(MESSAGES)
    sent, delivered = _sum(counted, _LEFT), counted.get(Status.DELIVERED, 0)
    failed = _sum(counted, (*_FAILED, Status.UNDELIVERABLE, Status.EXPIRED))
    if now.counted_at is None:
        return _("Text messages have not been counted yet.")
    if not sent and not failed:
        return _("No text message was sent in the last 24 hours.")
    said = {"sent": number(sent), "delivered": number(delivered), "failed": number(failed)}
    return (
        ngettext(
            "%(sent)s text message was sent in the last 24 hours; delivered: %(delivered)s, failed: %(failed)s.",
            "%(sent)s text messages were sent in the last 24 hours; delivered: %(delivered)s, failed: %(failed)s.",
            sent,
        )
        % said
    )


def _sum(counted: dict[str, int], statuses: tuple[str, ...]) -> int:
    return sum(counted.get(status, 0) for status in statuses)


def _groups() -> dict[str, tuple[str, ...]]:
    return {
        _("Delivered"): (Status.DELIVERED,),
        _("Sent, no receipt"): (Status.SENT,),
        _("Not delivered"): (Status.UNDELIVERABLE, Status.EXPIRED, Status.REJECTED),
        _("Not sent"): (Status.FAILED, Status.UNKNOWN, Status.CANCELLED),
        _("Waiting"): _WAIT,
    }


def make_messages_figure(rows: Rows, filters: Filters) -> Content:
    """Return the messages of each slot by outcome, and the changes of gateways."""
    groups, counted = _groups(), rows.by_slot(MESSAGES)
    switched = gateways.switches(rows)
    lines: list[tuple[datetime, tuple[Cell, ...]]] = []
    cells, marks = [], []
    for at, slot in enumerate(rows.slots):
        values = tuple(_sum(counted.get(slot, {}), statuses) for statuses in groups.values())
        cells.append(values)
        lines.append((slot, (*values, "; ".join(switched[slot].said) if slot in switched else "")))
        if slot in switched:
            marks.append(charts.Mark(at + 0.5, switched[slot].sign))
    table = Table(_("Time"), (*groups, _("Gateways")), tuple(lines))
    notes = (_("▼ a gateway was paused, ▲ one came back in service, ◆ both; the table says which."),) if marks else ()
    everything = sum(sum(values) for values in cells)
    if not everything and not marks:
        return Content(_("There was no text message in this period."), table)
    delivered = sum(values[0] for values in cells)
    said = ngettext(
        "%(count)s text message in this period; delivered: %(delivered)s.",
        "%(count)s text messages in this period; delivered: %(delivered)s.",
        everything,
    )
    said %= {"count": number(everything), "delivered": number(delivered)}
    names, hourly = tuple(groups), filters.period.hourly
    return Content(said, table, lambda slug: charts.columns(slug, names, cells, rows.slots, hourly, marks), notes)
