"""The status of each gateway in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.clock import ago
from mfa_sms import gateway_control, gateways
from mfa_sms.breaker_rules import FAULTS, REFUSALS
from mfa_sms.models import Attempt, GatewayState, TextMessage

# Limits on the rows that a page reads, however busy the gateway is.
_TRIES = 1000
_RECEIPTS = 5000
_HOUR = timedelta(hours=1)
# Translations of the reasons that the circuit breaker records.
_WHYS = (
    (re.compile(r"(?P<count>\d+) failures in a row"), gettext_lazy("%(count)s faults in a row")),
    (
        re.compile(r"(?P<faults>\d+) failures of the last (?P<count>\d+) tries"),
        gettext_lazy("%(faults)s faults in the last %(count)s tries"),
    ),
    (
        re.compile(r"(?P<refused>\d+) of the last (?P<count>\d+) numbers refused"),
        gettext_lazy("%(refused)s of the last %(count)s numbers were refused"),
    ),
    (re.compile(r"no receipt for (?P<count>\d+) messages"), gettext_lazy("no receipt came for %(count)s codes")),
    (
        re.compile(r"(?P<delivered>\d+) of the last (?P<count>\d+) delivered"),
        gettext_lazy("%(delivered)s of the last %(count)s codes were delivered"),
    ),
)


@dataclass(frozen=True)
class GatewayStatus:
    """Whether one gateway is in rotation, and the results of its recent messages."""

    slug: str
    configured: bool
    state: GatewayState | None
    receipts: bool

    @property
    def out_of_service(self) -> bool:
        """Whether the gateway is out of rotation: circuit open, or disabled."""
        return self.state is not None and self.state.out_of_service

    @property
    def is_disabled(self) -> bool:
        """Whether an administrator disabled the gateway."""
        return self.state is not None and self.state.disabled_by_id is not None

    @property
    def stamp(self) -> str:
        """Distinguishes one period out of rotation from another; empty if the gateway has no row."""
        return gateway_control.stamp(self.state) if self.state else ""

    @property
    def said(self) -> str:
        """Whether the gateway is in rotation; if not, since when and who disabled it."""
        if self.state is None or not self.state.out_of_service:
            return _("In service") if self.configured else _("No longer in the settings")
        when = ago(self.state.changed_at, in_sentence=True)
        if self.state.disabled_by is not None:
            # Translators: %(when)s is "today at 14:05 (2 min. ago)", %(who)s is a name.
            text = _("Taken out of service by %(who)s, %(when)s")
            return text % {"who": self.state.disabled_by.get_full_name(), "when": when}
        # Translators: %(when)s is "today at 14:05 (2 min. ago)". The system itself rests a gateway that fails.
        return _("Paused automatically after errors, since %(when)s") % {"when": when}

    @property
    def why(self) -> str:
        """Why the gateway is out of rotation; empty if it is in rotation."""
        if self.state is None or not self.state.out_of_service:
            return ""
        for pattern, words in _WHYS:
            found = pattern.fullmatch(self.state.why)
            if found and self.state.disabled_by_id is None:
                return str(words) % found.groupdict()
        return self.state.why

    @property
    def last_success(self) -> str:
        """When the gateway last accepted a message."""
        last = self._last(Attempt.Outcome.ACCEPTED)
        return ago(last.ended_at) if last else _none()

    @property
    def last_fault(self) -> str:
        """When the gateway last failed, and how."""
        last = self._last(*FAULTS, *REFUSALS)
        return f"{ago(last.ended_at)}: {last.get_outcome_display()}" if last else _none()

    @property
    def delivered(self) -> str:
        """How many codes of the last hour were delivered."""
        if not self.receipts:
            return _("The gateway sends no receipts")
        statuses = list(
            TextMessage.objects.filter(gateway=self.slug, receipt_at__gt=timezone.now() - _HOUR)
            .exclude(purpose=TextMessage.NOTICE)
            .order_by("-receipt_at")
            .values_list("status", flat=True)[:_RECEIPTS]
        )
        if not statuses and (sent := self._accepted()):
            return ngettext("No receipt for %(count)d code", "No receipt for any of %(count)d codes", sent) % {
                "count": sent
            }
        return ngettext("%(delivered)d of %(count)d code", "%(delivered)d of %(count)d codes", len(statuses)) % {
            "delivered": statuses.count(TextMessage.Status.DELIVERED),
            "count": len(statuses),
        }

    def _accepted(self) -> int:
        recent = Attempt.objects.filter(gateway=self.slug, ended_at__gt=timezone.now() - _HOUR)
        codes = recent.filter(outcome=Attempt.Outcome.ACCEPTED).exclude(message__purpose=TextMessage.NOTICE)
        return codes[:_RECEIPTS].count()

    def _last(self, *outcomes: str) -> Attempt | None:
        recent = Attempt.objects.filter(gateway=self.slug).order_by("-ended_at").values("pk")[:_TRIES]
        found: Attempt | None = (
            Attempt.objects.filter(pk__in=recent, outcome__in=outcomes).order_by("-ended_at").first()
        )
        return found


def _none() -> str:
    return _("None among the last %(count)d tries") % {"count": _TRIES}


def all_gateway_statuses() -> list[GatewayStatus]:
    """Return the configured gateways in order, including those without a row."""
    states = {state.gateway: state for state in GatewayState.objects.select_related("disabled_by")}
    return [_of(slug, states.get(slug)) for slug in _configured()]


def gateway_status(slug: str) -> GatewayStatus | None:
    """Return the status of a gateway; None if it is not configured and has no row."""
    state = GatewayState.objects.select_related("disabled_by").filter(gateway=slug).first()
    return _of(slug, state) if state is not None or slug in _configured() else None


def _of(slug: str, state: GatewayState | None) -> GatewayStatus:
    gateway = gateways.by_slug(slug)
    return GatewayStatus(slug, gateway is not None, state, gateway is not None and gateway.wants_receipts)


def _configured() -> Sequence[str]:
    return [gateway.slug for gateway in gateways.configured()]
