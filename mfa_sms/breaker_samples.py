"""The input of the circuit breaker: the last attempts and receipts of a gateway, read from the database."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from mfa_sms import gateways, numbers
from mfa_sms.breaker_rules import FAULTS, LONG_DELIVERIES, Sample, judge_attempts, judge_deliveries, judge_silence
from mfa_sms.final_status import WORKER_LOST
from mfa_sms.gateways import Gateway, ReceiptState
from mfa_sms.models import Attempt, Receipt, TextMessage

_HOUR = timedelta(hours=1)
_SILENT_TOO = 5  # numbers without a receipt at another gateway: then our own address may be unreachable
_FALLBACK_WINDOW = timedelta(minutes=5)
_NOT_ARRIVED = (ReceiptState.UNDELIVERABLE.value, ReceiptState.EXPIRED.value, ReceiptState.REJECTED.value)
_FINAL = (ReceiptState.DELIVERED.value, *_NOT_ARRIVED)


def faults_of(gateway: str, since: datetime) -> str:
    """Return why the last attempts show a fault of the gateway; empty if they do not."""
    since = max(since, timezone.now() - settings.SMS_BREAKER_WINDOW)
    recent = (
        Attempt.objects.filter(gateway=gateway, ended_at__gte=since)
        .exclude(outcome=Attempt.Outcome.BUSY)
        .exclude(code=WORKER_LOST)
        .order_by("-ended_at", "-pk")
        .values_list("outcome", "code", "worker", "message__number")[: settings.SMS_BREAKER_TRIES]
    )
    samples = [Sample(outcome, code, worker, str(number), _region(number)) for outcome, code, worker, number in recent]
    return judge_attempts(samples, _home(gateway))


def losses_of(gateway: Gateway, others: Sequence[Gateway], since: datetime) -> str:
    """Return why too few of the gateway's last codes were delivered; empty if enough were.

    A number that another gateway did not reach either is a phone that is off.
    """
    own, compared = _deliveries([gateway.slug], since), _deliveries([one.slug for one in others], since)
    why = judge_deliveries(own, compared, _home(gateway.slug))
    if not why or not others:
        return why
    lost = {sample.number for sample in own if sample.outcome != ReceiptState.DELIVERED.value}
    off = _lost_elsewhere(lost, [one.slug for one in others])
    return judge_deliveries([sample for sample in own if sample.number not in off], compared, _home(gateway.slug))


def silence_of(gateway: Gateway, others: Sequence[Gateway], since: datetime) -> str:
    """Return why the gateway seems to lose everything; empty if it reports, or if there is no other to use instead."""
    if not others:
        return ""
    accepted, reported = _reports(gateway.slug, since)
    if reported:
        return ""
    of_others = [_reports(one.slug, since) for one in others]
    is_silent_elsewhere = any(len(asked) >= _SILENT_TOO and not found for asked, found in of_others)
    return judge_silence(len(accepted), reported, other_reports=not is_silent_elsewhere)


def failure_rate(gateway: str) -> float:
    """Return the share of the last attempts that failed, to choose the best of several open circuits."""
    since = timezone.now() - _FALLBACK_WINDOW
    outcomes = list(Attempt.objects.filter(gateway=gateway, ended_at__gt=since).values_list("outcome", flat=True)[:200])
    return sum(outcome in FAULTS for outcome in outcomes) / len(outcomes) if outcomes else 0.0


def reporting_gateways() -> list[Gateway]:
    """Return the configured gateways whose receipts we can read."""
    return [one for one in gateways.configured() if one.wants_receipts and one.can_verify_receipts]


def _reports(gateway: str, since: datetime) -> tuple[set[str], int]:
    """Return the numbers of the last accepted codes that should have a receipt by now, and how many have one."""
    now = timezone.now()
    attempts = Attempt.objects.filter(
        gateway=gateway,
        outcome=Attempt.Outcome.ACCEPTED,
        ended_at__gte=max(since, now - _HOUR),
        ended_at__lte=now - settings.SMS_BREAKER_SILENCE,
    ).exclude(message__purpose=TextMessage.NOTICE)
    last = list(
        attempts.order_by("-ended_at").values_list("message_id", "message__number")[: 2 * settings.SMS_BREAKER_TRIES]
    )
    found = Receipt.objects.filter(gateway=gateway, received_at__gte=max(since, now - _HOUR), message__isnull=False)
    reported = found.filter(message_id__in=[message_id for message_id, _number in last]).count()
    return {str(number) for _message_id, number in last}, reported


def _deliveries(slugs: Collection[str], since: datetime) -> list[Sample]:
    """Return the last final receipts, newest first, one for each number.

    Notices do not count: they often go to numbers that their owners no longer have.
    """
    found: dict[str, Sample] = {}
    for slug in slugs:
        for state, number in _final(slug, since).values_list("state", "message__number")[:LONG_DELIVERIES]:
            key = f"{slug}:{number}"
            if number and key not in found:
                found[key] = Sample(state, number=str(number), region=_region(number))
    return list(found.values())


def _final(slug: str, since: datetime) -> QuerySet[Receipt]:
    since = max(since, timezone.now() - _HOUR)
    rows = Receipt.objects.filter(gateway=slug, state__in=_FINAL, received_at__gte=since, message__isnull=False)
    return rows.exclude(message__purpose=TextMessage.NOTICE).order_by("-received_at")


def _lost_elsewhere(lost: Collection[str], slugs: Collection[str]) -> set[str]:
    since = timezone.now() - _HOUR
    messages = TextMessage.objects.filter(number__in=lost, created_at__gt=since).values("pk")
    rows = Receipt.objects.filter(
        message__in=messages, gateway__in=slugs, state__in=_NOT_ARRIVED, received_at__gte=since
    )
    return {str(number) for number in rows.values_list("message__number", flat=True)}


def _region(number: Any) -> str:
    return numbers.region_of(number) if number else ""


def _home(slug: str) -> Collection[str]:
    gateway = gateways.by_slug(slug)
    countries = gateways.route_of(gateway).countries if gateway else frozenset()
    return countries or settings.SMS_HOME_COUNTRIES
