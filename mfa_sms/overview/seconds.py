"""How long codes take to the phone, as a histogram: so many receipts came within so many seconds."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mfa_sms.models import TextMessage
from mfa_sms.overview.messages import of_hours
from overview.registry import Counted
from overview.rows import Now

SECONDS = "delivery_seconds"
# The upper ends of the buckets; narrow where nearly all codes arrive, so that the median is right to a second or two.
LIMITS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120, 180, 300, 600)
_LONGER = "longer"


def count_seconds(start: datetime, end: datetime) -> Iterator[Counted]:
    """Count the codes that were delivered, by how long after they were asked for their receipt came.

    Only those of gateways that send receipts are ever delivered.
    """
    within = [
        When(receipt_at__lte=F("created_at") + timedelta(seconds=limit), then=Value(str(limit))) for limit in LIMITS
    ]
    found = (
        of_hours(start, end)
        .filter(status=TextMessage.Status.DELIVERED)
        .exclude(receipt_at=None)
        .exclude(purpose=TextMessage.NOTICE)
        .annotate(bucket=Case(*within, default=Value(_LONGER), output_field=CharField()))
        .values_list("hour", "bucket", "whose", "speaks")
        .annotate(count=Count("pk"))
    )
    for hour, bucket, who, language, number_of in found:
        yield Counted(hour, SECONDS, bucket, who, language, number_of)


def median(buckets: Mapping[str, int]) -> float | None:
    """Return the median of a histogram by its limits, in seconds; infinite above the last limit, None of nothing.

    Within its bucket the values are taken to be spread evenly.
    """
    half = sum(buckets.values()) / 2
    below, lower = 0, 0
    for limit in LIMITS:
        here = buckets.get(str(limit), 0)
        if here and below + here >= half:
            return lower + (limit - lower) * (half - below) / here
        below, lower = below + here, limit
    return float("inf") if half else None


def say_seconds(now: Now) -> str:
    """Say how long half of the codes of the last day took at most."""
    took = median(now.last_day(SECONDS))
    if took is None:
        return _("No receipt has come in the last 24 hours, so how long codes take is not known.")
    if took == float("inf"):
        return _("Half of the codes of the last 24 hours took longer than 10 minutes to the phone.")
    seconds = max(round(took), 1)
    return ngettext(
        "Half of the codes of the last 24 hours were on the phone within %(count)d second.",
        "Half of the codes of the last 24 hours were on the phone within %(count)d seconds.",
        seconds,
    ) % {"count": seconds}
