"""When gateways went out of rotation and came back, and which are out now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _

from audit.models import SecurityEvent
from mfa_sms import events
from overview.registry import Counted
from overview.rows import Rows

SWITCHES = "gateway_switches"
_OUT, _IN = "out", "in"


def count_switches(start: datetime, end: datetime) -> Iterator[Counted]:
    """Count how often each gateway went out of rotation and came back, labelled "out:gatewayapi"."""
    found = (
        SecurityEvent.objects.filter(
            kind__in=[events.GATEWAY_OUT_OF_SERVICE, events.GATEWAY_IN_SERVICE], at__gte=start, at__lt=end
        )
        .annotate(hour=TruncHour("at", tzinfo=UTC))
        .order_by()
        .values_list("hour", "kind", "reason")
        .annotate(count=Count("pk"))
    )
    for hour, kind, gateway, number_of in found:
        what = _OUT if kind == events.GATEWAY_OUT_OF_SERVICE else _IN
        yield Counted(hour, SWITCHES, f"{what}:{gateway}", "", "", number_of)


@dataclass(frozen=True)
class Switched:
    """The changes of gateways in one slot: a symbol for the figure, and one line each for the table."""

    sign: str
    said: tuple[str, ...]


def switches(rows: Rows) -> dict[datetime, Switched]:
    """Return the slots in which a gateway went out of rotation or came back."""
    found = {}
    for slot, labels in rows.by_slot(SWITCHES).items():
        parts = [label.partition(":") for label in sorted(labels)]
        kinds = {what for what, _colon, _gateway in parts}
        sign = "◆" if len(kinds) == 2 else "▼" if _OUT in kinds else "▲"
        words = {_OUT: _("%(gateway)s was paused"), _IN: _("%(gateway)s came back in service")}
        found[slot] = Switched(sign, tuple(words[what] % {"gateway": gateway} for what, _colon, gateway in parts))
    return found
