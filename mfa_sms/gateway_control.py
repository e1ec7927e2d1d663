"""Lets administrators disable and enable gateways. Every change writes one event, even with concurrent requests."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_sms import breaker, events, gateways
from mfa_sms.models import GatewayState


class GatewayRefused(Exception):
    """The change is not possible now. The text gives the reason in the administrator's language."""


def is_last(slug: str, states: Sequence[GatewayState] | None = None) -> bool:
    """Whether every other configured gateway is disabled, so that no message could be sent without this one.

    Open circuits are still used as a last resort; disabled gateways are not.
    """
    rows = GatewayState.objects.all() if states is None else states
    out = {state.gateway for state in rows if state.disabled_by_id is not None}
    return not any(gateway.slug not in {*out, slug} for gateway in gateways.configured())


def disable_gateway(administrator: Account, slug: str, why: str, client: ClientInfo, *, knows: bool) -> None:
    """Disable a configured gateway. The circuit breaker neither tries nor closes it.

    `knows` is True if the administrator confirmed that no message can then be sent. Raises `GatewayRefused`.
    """
    with transaction.atomic():
        states = _lock_all(slug)
        state = states[slug]
        if state.disabled_by_id is not None:
            raise GatewayRefused(_("Someone else has taken the gateway out of service in the meantime."))
        if not knows and is_last(slug, list(states.values())):
            raise GatewayRefused(_("It is the last gateway in service. Confirm that you know what that means."))
        state.out_of_service, state.disabled_by, state.why, state.changed_at = True, administrator, why, timezone.now()
        state.trial_at, state.successes = None, 0
        state.save()
        events.gateway_out_of_service(slug, why, administrator, client)
    breaker.forget()


def enable_gateway(administrator: Account, slug: str, seen: str, client: ClientInfo) -> None:
    """Put a gateway back in rotation, whether it was disabled or its circuit is open.

    `seen` is the `stamp` from the page that the administrator read. Raises `GatewayRefused` if the gateway has changed
    since then.
    """
    with transaction.atomic():
        state = GatewayState.objects.select_for_update().filter(gateway=slug, out_of_service=True).first()
        if state is None or stamp(state) != seen:
            raise GatewayRefused(
                _("The gateway has been paused or put back in the meantime. Check its current status.")
            )
        outage = timezone.now() - state.changed_at
        state.out_of_service, state.disabled_by, state.why, state.changed_at = False, None, "", timezone.now()
        state.trial_at, state.successes = None, 0
        state.save()
        events.gateway_in_service(slug, f"put back after {int(outage.total_seconds())} s", administrator, client)
    breaker.forget()


def stamp(state: GatewayState) -> str:
    """Return a text that distinguishes one period out of rotation from another."""
    return state.changed_at.isoformat()


def _lock_all(slug: str) -> dict[str, GatewayState]:
    """Lock the rows of all gateways, and create missing rows.

    The lock stops two administrators from disabling the last two gateways at the same time.
    """
    slugs = sorted({slug, *(gateway.slug for gateway in gateways.configured())})
    for name in slugs:
        GatewayState.objects.get_or_create(gateway=name)
    rows = GatewayState.objects.select_for_update().filter(gateway__in=slugs).order_by("gateway")
    return {state.gateway: state for state in rows}
