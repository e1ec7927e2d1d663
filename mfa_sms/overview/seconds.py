"""Delivery times of codes, as a histogram of receipts by seconds."""

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
# Upper limits of the buckets. They are narrow where most codes arrive, so the median is accurate to a second or two.
LIMITS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120, 180, 300, 600)
_LONGER = "longer"


def count_seconds(start: datetime, end: datetime) -> Iterator[Counted]:
    """Count the delivered codes by the time between request and receipt.

    Only gateways that send receipts have delivered codes.
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
        .values_list("hour", "bucket", "account_affiliation", "account_language")
        .annotate(count=Count("pk"))
    )
    for hour, bucket, who, language, number_of in found:
        yield Counted(hour, SECONDS, bucket, who, language, number_of)


def median(buckets: Mapping[str, int]) -> float | None:
    """Return the median of a histogram keyed by `LIMITS`, in seconds.

    Returns infinity above the last limit, and None for an empty histogram. Values are assumed to be spread evenly
    within a bucket.
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
    """Return a sentence on the median delivery time of the last day's codes."""
    took = median(now.last_day(SECONDS))
    if took is None:
        return _("No receipt has come in the last 24 hours, so how long codes take is not known.")
    if took == float("inf"):
        return _("Half of the codes in the last 24 hours took more than 10 minutes to reach the phone.")
    seconds = max(round(took), 1)
    return ngettext(
        "Half of the codes in the last 24 hours reached the phone within %(count)d second.",
        "Half of the codes in the last 24 hours reached the phone within %(count)d seconds.",
        seconds,
    ) % {"count": seconds}
