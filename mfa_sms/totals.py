"""Counters and histograms of text messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F

from mfa_sms import gateways
from mfa_sms.models import Attempt, TextMessage
from overview.totals import Amounts, seconds_amounts

ATTEMPTS = "sms_attempts"
TO_GATEWAY = "sms_gateway_seconds"
TO_RECEIPT = "sms_receipt_seconds"
# A code is sent within its life, or never.
_SENT_WITHIN = timedelta(minutes=15)


def amounts(since: datetime, until: datetime) -> Iterator[tuple[str, str, float]]:
    """Yield attempts by gateway and outcome, and the seconds from commit to gateway and to receipt.

    The seconds are those of codes. Notices have a slower queue, and often go to a number that no longer exists.
    """
    slugs = [gateway.slug for gateway in gateways.configured()]
    attempts = Attempt.objects.filter(gateway__in=slugs, ended_at__gt=since, ended_at__lte=until).order_by()
    for row in attempts.values("gateway", "outcome").annotate(count=Count("pk")):
        yield ATTEMPTS, f"{row['gateway']} {row['outcome']}", row["count"]
    codes = TextMessage.objects.exclude(purpose=TextMessage.NOTICE).order_by()
    sent = codes.filter(created_at__gt=since - _SENT_WITHIN, sent_at__gt=since, sent_at__lte=until)
    yield from _seconds(TO_GATEWAY, sent.annotate(at=F("sent_at")).values_list("created_at", "at"))
    answered = codes.filter(gateway__in=slugs, receipt_at__gt=since, receipt_at__lte=until)
    yield from _seconds(TO_RECEIPT, answered.annotate(at=F("receipt_at")).values_list("created_at", "at"))


def _seconds(name: str, times: object) -> Amounts:
    return seconds_amounts(name, [(at - created).total_seconds() for created, at in times])  # type: ignore[attr-defined]
