"""Circuit breaker for gateways. Its state is in the database, so all workers share it.

`mfa_sms/breaker_rules.py` has the rules by which a circuit opens. While it is open, one message per
`SMS_BREAKER_TRIAL_EVERY` may try the gateway first (half-open), and others try it as a last resort.
`SMS_BREAKER_SUCCESSES` successes in a row close it. If it opened because messages did not arrive, only delivered ones
count. Every change writes an event with the numbers.

The breaker neither tries nor closes a gateway that an administrator disabled (`mfa_sms/gateway_control.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from common import database_clock
from common.cached_value import CachedValue
from mfa_sms import breaker_samples, events
from mfa_sms.breaker_rules import FAULTS, REFUSALS
from mfa_sms.gateways import Gateway
from mfa_sms.models import Attempt, GatewayState, TextMessage

_NEW_MESSAGES = timedelta(minutes=30)  # only messages younger than this are woken when a gateway works again
_WOKEN_BY_ONE = 10  # messages that each success wakes while the circuit is still open


@dataclass(frozen=True)
class _State:
    is_open: bool
    is_disabled: bool
    busy_until: datetime | None


def _read_states() -> dict[str, _State]:
    rows = GatewayState.objects.values_list("gateway", "out_of_service", "disabled_by", "busy_until")
    return {gateway: _State(out, out and by is not None, busy) for gateway, out, by, busy in rows}


_states = CachedValue(_read_states)


def forget() -> None:
    """Discard the cached state. The next call reads the database."""
    _states.forget()


def gateways_out_of_service() -> frozenset[str]:
    """Return the slugs of the gateways out of rotation (circuit open or disabled), cached for a second at most."""
    return frozenset(gateway for gateway, state in _states.get().items() if state.is_open)


def disabled_gateways() -> frozenset[str]:
    """Return the slugs of the gateways that an administrator disabled, cached for a second at most."""
    return frozenset(gateway for gateway, state in _states.get().items() if state.is_disabled)


def busy_until(gateway: str) -> datetime | None:
    """Return until when a gateway asked to be left alone, cached for a second at most."""
    state = _states.get().get(gateway)
    return state.busy_until if state else None


def order(preferred: Sequence[Gateway]) -> list[Gateway]:
    """Return the gateways in the order in which a message tries them.

    The order is as given. A gateway with an open circuit is the last resort, lowest failure rate first. If one of those
    is due for a trial, it comes first, for this message only. Disabled gateways are never included, so the list can be
    empty.
    """
    out = gateways_out_of_service()
    if not out:
        return list(preferred)
    disabled = disabled_gateways()
    usable = [gateway for gateway in preferred if gateway.slug not in disabled]
    trial = next((gateway for gateway in usable if gateway.slug in out and _claim_trial(gateway.slug)), None)
    closed = [gateway for gateway in usable if gateway.slug not in out]
    opened = [gateway for gateway in usable if gateway.slug in out and gateway is not trial]
    if len(opened) > 1:
        opened.sort(key=lambda gateway: breaker_samples.failure_rate(gateway.slug))
    return [trial, *closed, *opened] if trial else closed + opened


def all_out_of_service(configured: Sequence[Gateway]) -> bool:
    """Whether all configured gateways are out of rotation. Pages then warn that SMS is not working."""
    names = gateways_out_of_service()
    return bool(configured) and all(gateway.slug in names for gateway in configured)


def note_attempt(gateway: str, outcome: str) -> None:
    """Count an attempt, which must be recorded before the call. It may open or close the circuit."""
    is_open = gateway in gateways_out_of_service()
    if outcome == Attempt.Outcome.ACCEPTED:
        if is_open:
            _count_success(gateway, needs_receipts=False)
    elif outcome in FAULTS and is_open:
        GatewayState.objects.filter(gateway=gateway, out_of_service=True).update(successes=0)
    elif (outcome in FAULTS or outcome in REFUSALS) and not is_open:
        why = breaker_samples.faults_of(gateway, _in_service_since(gateway))
        if why:
            _open(gateway, why)


def note_receipt(gateway: str, state: str, message: TextMessage) -> None:
    """Count a receipt of a message that was made while the circuit was open. It may close the circuit."""
    if gateway not in gateways_out_of_service() or message.purpose == TextMessage.NOTICE:
        return
    since = _in_service_since(gateway)
    if message.created_at < since:
        return
    if state == TextMessage.Status.DELIVERED:
        _count_success(gateway, needs_receipts=True)
    elif state != TextMessage.Status.SENT:
        GatewayState.objects.filter(gateway=gateway, needs_receipts=True).update(successes=0)


def review() -> None:
    """Open the circuits of gateways whose messages do not arrive. The sweep calls it every few seconds."""
    usable = breaker_samples.reporting_gateways()
    for gateway in usable:
        if gateway.slug in gateways_out_of_service():
            continue
        others = [one for one in usable if one is not gateway]
        since = _in_service_since(gateway.slug)
        why = breaker_samples.losses_of(gateway, others, since) or breaker_samples.silence_of(gateway, others, since)
        if why:
            _open(gateway.slug, why, needs_receipts=True)


def _count_success(gateway: str, *, needs_receipts: bool) -> None:
    with transaction.atomic():
        rows = GatewayState.objects.select_for_update().filter(
            gateway=gateway, out_of_service=True, disabled_by=None, needs_receipts=needs_receipts
        )
        state = rows.first()
        if state is None:
            return
        state.successes += 1
        if state.successes >= settings.SMS_BREAKER_SUCCESSES:
            outage = timezone.now() - state.changed_at
            state.out_of_service, state.why, state.trial_at, state.changed_at = False, "", None, timezone.now()
            detail = f"{state.successes} successes in a row after {int(outage.total_seconds())} s"
            events.gateway_in_service(gateway, detail)
        _wake_waiting(None if not state.out_of_service else _WOKEN_BY_ONE)
        state.save(update_fields=["successes", "out_of_service", "why", "trial_at", "changed_at"])
    forget()


def _wake_waiting(limit: int | None) -> None:
    """Make messages that wait for a gateway due at once: all, or at most `limit`. Otherwise the long pause applies."""
    now = database_clock.now()
    waiting = TextMessage.objects.filter(
        status=TextMessage.Status.QUEUED, tries__gt=0, next_at__gt=now, created_at__gt=timezone.now() - _NEW_MESSAGES
    )
    ids = waiting.filter(error=Attempt.Outcome.UNAVAILABLE).order_by("next_at").values("pk")[:limit]
    TextMessage.objects.filter(pk__in=ids).update(next_at=now)


def _in_service_since(gateway: str) -> datetime:
    """Return when the gateway's state last changed. Earlier failures do not open the circuit again."""
    back = GatewayState.objects.filter(gateway=gateway).values_list("changed_at", flat=True).first()
    return back or datetime.min.replace(tzinfo=UTC)


def _open(gateway: str, why: str, *, needs_receipts: bool = False) -> None:
    now = timezone.now()
    with transaction.atomic():
        state, _made = GatewayState.objects.select_for_update().get_or_create(gateway=gateway)
        if state.out_of_service:
            return
        state.out_of_service, state.why, state.changed_at, state.successes = True, why, now, 0
        state.trial_at, state.needs_receipts = now + settings.SMS_BREAKER_TRIAL_EVERY, needs_receipts
        state.save(update_fields=["out_of_service", "why", "changed_at", "successes", "trial_at", "needs_receipts"])
        events.gateway_out_of_service(gateway, why)
    forget()


def _claim_trial(gateway: str) -> bool:
    """Claim the next trial of a gateway with an open circuit. Return True for one message only."""
    now = timezone.now()
    due = GatewayState.objects.filter(gateway=gateway, out_of_service=True, disabled_by=None, trial_at__lte=now)
    return bool(due.update(trial_at=now + settings.SMS_BREAKER_TRIAL_EVERY))
