"""How many messages a gateway gets: its configured rate, and the pauses that it asks for. All workers share them."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from common import database_clock
from mfa_sms.models import GatewayState

# The circuit has not changed: the breaker still counts what came before the row.
_NEW = {"changed_at": datetime(2000, 1, 1, tzinfo=UTC)}


def take_slot(gateway: str, rate: float, latest: datetime) -> datetime | None:
    """Reserve the next free moment of a gateway, and return it. Return None if it would come after `latest`."""
    with transaction.atomic():
        state, _made = GatewayState.objects.select_for_update().get_or_create(gateway=gateway, defaults=_NEW)
        slot = max(state.slot_at or database_clock.now(), database_clock.now())
        if slot > latest:
            return None
        state.slot_at = slot + timedelta(seconds=1 / rate)
        state.save(update_fields=["slot_at"])
        return slot


def rest(gateway: str, seconds: float) -> None:
    """Send nothing to a gateway for `seconds`, because it asked for that."""
    until = database_clock.now() + timedelta(seconds=seconds)
    GatewayState.objects.get_or_create(gateway=gateway, defaults=_NEW)
    GatewayState.objects.filter(Q(busy_until=None) | Q(busy_until__lt=until), gateway=gateway).update(busy_until=until)
