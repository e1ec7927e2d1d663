"""When gateways went out of rotation and came back, and which are out now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import SecurityEvent
from common import clock
from mfa_sms import events
from mfa_sms.gateways import configured
from mfa_sms.models import GatewayState
from overview.registry import Counted
from overview.rows import Now, Rows

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


def say_gateways(now: Now) -> str:
    """Return a sentence on the gateways that are out of rotation now, and since when."""
    slugs = [gateway.slug for gateway in configured()]
    if not slugs:
        return _("No gateway is set up.")
    out = GatewayState.objects.filter(out_of_service=True, gateway__in=slugs).order_by("changed_at", "gateway")
    named = [
        _("%(gateway)s since %(time)s") % {"gateway": state.gateway, "time": clock.day_and_clock(state.changed_at)}
        for state in out
    ]
    if not named:
        return _("All gateways are in service.")
    said = {"count": len(named), "all": len(slugs), "gateways": ", ".join(named)}
    return (
        ngettext(
            "%(count)d of %(all)d gateways is paused: %(gateways)s.",
            "%(count)d of %(all)d gateways are paused: %(gateways)s.",
            len(named),
        )
        % said
    )
