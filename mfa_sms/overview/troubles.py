"""The current troubles of text messages: gateways that are out of rotation, codes that wait, and codes that fail."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mfa_sms import gateways
from mfa_sms.models import GatewayState, TextMessage
from overview.content import number
from overview.registry import Trouble

_LONG = timedelta(minutes=1)  # a healthy queue takes milliseconds
_RECENT = timedelta(minutes=30)
_MOST = 5000  # messages that are read
_FEW = 3  # failures that say nothing yet
_SHARE = 0.2  # of the recent codes
Status = TextMessage.Status
_FAILED = (Status.FAILED, Status.UNKNOWN)
_WAIT = (Status.QUEUED, Status.SENDING)


def message_troubles() -> Iterator[Trouble]:
    """Yield the current troubles, worst first, with two queries."""
    yield from _gateway_troubles()
    yield from _code_troubles()


def _gateway_troubles() -> Iterator[Trouble]:
    slugs = [gateway.slug for gateway in gateways.configured()]
    out = list(GatewayState.objects.filter(out_of_service=True, gateway__in=slugs).order_by("changed_at", "gateway"))
    if out and len(out) == len(slugs):
        yield Trouble(
            _("No text message can be sent: every gateway is out of service."),
            _instead(),
            out[-1].changed_at,
            "gateways",
        )
        return
    for state in out:
        text = _("The gateway %(gateway)s is out of service. Messages go through the others.")
        tell = _("Ask for the code again if it does not come.")
        yield Trouble(text % {"gateway": state.gateway}, tell, state.changed_at, f"gateway {state.gateway}")


def _code_troubles() -> Iterator[Trouble]:
    now = timezone.now()
    recent = TextMessage.objects.filter(created_at__gt=now - _RECENT).exclude(purpose=TextMessage.NOTICE)
    late = Q(status__in=_WAIT, created_at__lt=now - _LONG)
    failed = Q(status__in=_FAILED)
    counted = TextMessage.objects.filter(pk__in=recent.order_by("-created_at").values("pk")[:_MOST]).aggregate(
        all=Count("pk"),
        late=Count("pk", filter=late),
        late_since=Min("created_at", filter=late),
        failed=Count("pk", filter=failed),
        failed_since=Min("created_at", filter=failed),
    )
    if counted["late"]:
        text = ngettext(
            "%(count)s code is waiting to be sent.", "%(count)s codes are waiting to be sent.", counted["late"]
        )
        yield _counted(text, counted["late"], counted["late_since"], "waiting codes")
    if counted["failed"] > max(_FEW, counted["all"] * _SHARE):
        text = ngettext("%(count)s code was not sent.", "%(count)s codes were not sent.", counted["failed"])
        yield _counted(text, counted["failed"], counted["failed_since"], "failed codes")


def _counted(text: str, count: int, since: datetime, name: str) -> Trouble:
    return Trouble(text % {"count": number(count)}, _instead(), since, name)


def _instead() -> str:
    return _("We cannot send text messages right now. Log in with the app or a recovery code if you have one.")
