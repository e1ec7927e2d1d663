"""Circuit breaker for gateways. Its state is in the database, so all workers share it.

A circuit opens after `SMS_BREAKER_FAILURES` failures within `SMS_BREAKER_WINDOW`. It also opens if less than the share
`SMS_BREAKER_DELIVERED` of the last 20 codes within five minutes was delivered. While it is open, one message per
`SMS_BREAKER_TRIAL_EVERY` may try the gateway (half-open). `SMS_BREAKER_SUCCESSES` successes in a row close it. Every
change writes an event with the numbers.

The breaker neither tries nor closes a gateway that an administrator disabled (`mfa_sms/gateway_control.py`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from common.cached_value import CachedValue
from mfa_sms import events
from mfa_sms.gateways import Gateway
from mfa_sms.models import Attempt, GatewayState, TextMessage

_DELIVERIES = 20
_DELIVERY_WINDOW = timedelta(minutes=5)
_ENDED_WELL = {TextMessage.Status.DELIVERED}
_ENDED_BADLY = {TextMessage.Status.UNDELIVERABLE, TextMessage.Status.EXPIRED}

# Outcomes that count as a fault of the gateway. A refused or rejected message does not.
FAULTS = (
    Attempt.Outcome.UNAVAILABLE,
    Attempt.Outcome.UNKNOWN,
    Attempt.Outcome.MISCONFIGURED,
)


def _read_out_of_service() -> dict[str, bool]:
    """Return the gateways out of rotation by slug; True for those that an administrator disabled."""
    rows = GatewayState.objects.filter(out_of_service=True).values_list("gateway", "disabled_by")
    return {gateway: disabled_by is not None for gateway, disabled_by in rows}


_out_of_service = CachedValue(_read_out_of_service)


def forget() -> None:
    """Discard the cached state. The next call reads the database."""
    _out_of_service.forget()


def gateways_out_of_service() -> frozenset[str]:
    """Return the slugs of the gateways out of rotation (circuit open or disabled), cached for a second at most."""
    return frozenset(_out_of_service.get())


def disabled_gateways() -> frozenset[str]:
    """Return the slugs of the gateways that an administrator disabled, cached for a second at most."""
    return frozenset(gateway for gateway, by_hand in _out_of_service.get().items() if by_hand)


def order(configured: Sequence[Gateway]) -> list[Gateway]:
    """Return the gateways in the order in which a message tries them.

    The order is as configured, without gateways whose circuit is open. If one of those is due for a trial, it comes
    first, for this message only. If every circuit is open, all gateways are tried as a fallback, lowest failure rate
    first. Disabled gateways are never included, so the list can be empty.
    """
    out = _out_of_service.get()
    if not out:
        return list(configured)
    usable = [gateway for gateway in configured if not out.get(gateway.slug)]
    trial = next((gateway for gateway in usable if gateway.slug in out and _claim_trial(gateway.slug)), None)
    others = [gateway for gateway in usable if gateway.slug not in out]
    if not others:
        others = sorted(usable, key=lambda gateway: _failure_rate(gateway.slug))
    return [trial, *(gateway for gateway in others if gateway is not trial)] if trial else others


def all_out_of_service(configured: Sequence[Gateway]) -> bool:
    """Whether all configured gateways are out of rotation. Pages then warn that SMS is not working."""
    names = gateways_out_of_service()
    return bool(configured) and all(gateway.slug in names for gateway in configured)


def succeeded(gateway: str) -> None:
    """Count a message that the gateway accepted. Enough successes in a row close an open circuit."""
    if gateway not in gateways_out_of_service():
        return
    with transaction.atomic():
        rows = GatewayState.objects.select_for_update().filter(gateway=gateway, out_of_service=True, disabled_by=None)
        state = rows.first()
        if state is None:
            return
        state.successes += 1
        if state.successes >= settings.SMS_BREAKER_SUCCESSES:
            outage = timezone.now() - state.changed_at
            state.out_of_service, state.why, state.trial_at, state.changed_at = False, "", None, timezone.now()
            detail = f"{state.successes} successes in a row after {int(outage.total_seconds())} s"
            events.gateway_in_service(gateway, detail)
        state.save(update_fields=["successes", "out_of_service", "why", "trial_at", "changed_at"])
    forget()


def failed(gateway: str) -> None:
    """Open the circuit if the gateway failed too often. Record the failed attempt before the call."""
    if gateway in gateways_out_of_service():
        GatewayState.objects.filter(gateway=gateway, out_of_service=True).update(successes=0)
        return
    since = timezone.now() - settings.SMS_BREAKER_WINDOW
    failures = Attempt.objects.filter(gateway=gateway, ended_at__gt=since, outcome__in=FAULTS)
    count = failures.filter(ended_at__gte=_in_service_since(gateway)).count()
    if count >= settings.SMS_BREAKER_FAILURES:
        _open(gateway, f"{count} failures in {int(settings.SMS_BREAKER_WINDOW.total_seconds())} s")


def not_delivered(gateway: str) -> None:
    """Open the circuit if too many of the gateway's recent codes did not arrive."""
    if gateway in gateways_out_of_service():
        return
    since = timezone.now() - _DELIVERY_WINDOW
    ended = (
        TextMessage.objects.filter(gateway=gateway, status__in=_ENDED_WELL | _ENDED_BADLY, receipt_at__gt=since)
        .filter(receipt_at__gte=_in_service_since(gateway))
        # Notices do not count: they often go to numbers that their owners no longer have.
        .exclude(purpose=TextMessage.NOTICE)
        .order_by("-receipt_at")
        .values_list("status", flat=True)[:_DELIVERIES]
    )
    statuses = list(ended)
    delivered = sum(status in _ENDED_WELL for status in statuses)
    if len(statuses) == _DELIVERIES and delivered < _DELIVERIES * settings.SMS_BREAKER_DELIVERED:
        _open(gateway, f"{delivered} of the last {_DELIVERIES} delivered")


def _in_service_since(gateway: str) -> datetime:
    """Return when the gateway's state last changed. Earlier failures do not open the circuit again."""
    back = GatewayState.objects.filter(gateway=gateway).values_list("changed_at", flat=True).first()
    return back or datetime.min.replace(tzinfo=UTC)


def _open(gateway: str, why: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        state, _made = GatewayState.objects.select_for_update().get_or_create(gateway=gateway)
        if state.out_of_service:
            return
        state.out_of_service, state.why, state.changed_at, state.successes = True, why, now, 0
        state.trial_at = now + settings.SMS_BREAKER_TRIAL_EVERY
        state.save(update_fields=["out_of_service", "why", "changed_at", "successes", "trial_at"])
        events.gateway_out_of_service(gateway, why)
    forget()


def _claim_trial(gateway: str) -> bool:
    """Claim the next trial of a gateway with an open circuit. Return True for one message only."""
    now = timezone.now()
    due = GatewayState.objects.filter(gateway=gateway, out_of_service=True, disabled_by=None, trial_at__lte=now)
    return bool(due.update(trial_at=now + settings.SMS_BREAKER_TRIAL_EVERY))


def _failure_rate(gateway: str) -> float:
    since = timezone.now() - _DELIVERY_WINDOW
    outcomes = list(Attempt.objects.filter(gateway=gateway, ended_at__gt=since).values_list("outcome", flat=True)[:200])
    return sum(outcome in FAULTS for outcome in outcomes) / len(outcomes) if outcomes else 0.0
