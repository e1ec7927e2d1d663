"""Sends queued messages: claims the row, commits, releases the connection, then calls the gateway."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from common import database_clock, outbox
from mfa_sms import attempting, breaker, gateways, limits, numbers, pacing, routing, texts
from mfa_sms.gateways import Gateway, GatewayFault
from mfa_sms.models import TextMessage
from mfa_sms.own_network import own_network
from mfa_sms.settlement import History, read_history, settle

Status = TextMessage.Status

ABOVE_LIMIT = "above_limit"
_SHORTEST_LIFE = timedelta(seconds=1)
_SHORT_WAIT = timedelta(seconds=0.5)  # for a gateway's rate, before the next gateway is tried
_HANDED_BACK = timedelta(seconds=0.5)  # until another worker takes a message that this one cannot send

# Columns that sending needs. The three tables have three times as many.
_NEEDED = (
    *("number", "purpose", "notice", "language", "gateway", "created_at", "expires_at", "status", "tries", "error"),
    *("device_id", "account_id"),
    *(f"challenge__{field}" for field in ("purpose", "nonce", "key_id", "outcome", "device_id")),
    *("challenge__device__number", "challenge__device__unanswered_messages"),
)
# The error of a message that has a reserved moment at a gateway with a rate.
RESERVED = "reserved"

_DID_NOT_ARRIVE = {Status.UNDELIVERABLE, Status.EXPIRED, Status.FAILED, Status.UNKNOWN, Status.REJECTED}


@shared_task(name="mfa_sms.send_code_message")
def send_code_message(message_id: int) -> None:
    deliver(message_id)


@shared_task(name="mfa_sms.send_notice_message")
def send_notice_message(message_id: int) -> None:
    """Send a notice or a test."""
    deliver(message_id)


def deliver(message_id: int) -> None:
    """Send one message if it is still queued and has not expired, and record the result.

    Safe to call concurrently: one conditional UPDATE decides which worker sends.
    """
    message = _load(message_id)
    if message is None or message.status != Status.QUEUED:
        return
    now = database_clock.now()
    if message.expires_at <= now:
        end_expired(message_id, now)
        return
    if message.expires_at - now < _SHORTEST_LIFE:
        return  # no gateway accepts such a short validity; the sweep ends the message
    if not own_network.may_send():
        _hand_back(message, now)
        return
    history = read_history(message_id) if message.tries else History()
    order = _order(message, history)
    if not _claim(message, order, now):
        return
    if message.purpose == TextMessage.NOTICE and message.tries == 1 and _is_above_limit(message):
        _cancel(message, ABOVE_LIMIT)
        return
    try:
        text = texts.render(message)
    except texts.NothingToSay as error:
        _cancel(message, str(error))
        return
    _Sending(message, text).through(order)


def end_expired(message_id: int, now: datetime) -> None:
    """Set the final status of a queued message that has expired.

    Without a try it is cancelled. Otherwise its attempts and receipts decide.
    """
    queued = TextMessage.objects.filter(pk=message_id, status=Status.QUEUED, expires_at__lte=now)
    if queued.filter(tries=0).update(status=Status.CANCELLED, status_at=now, error="expired"):
        return
    with transaction.atomic():
        for message in queued.select_for_update(of=("self",)):
            settle(message, now)


def _is_above_limit(message: TextMessage) -> bool:
    """Count a notice at its first try, and return whether a limit refuses it. Codes were counted when requested."""
    with transaction.atomic():
        return limits.take_notice(message) is not None


def _load(message_id: int) -> TextMessage | None:
    return TextMessage.objects.select_related("challenge__device").only(*_NEEDED).filter(pk=message_id).first()


def _claim(message: TextMessage, order: Sequence[Gateway], now: datetime) -> bool:
    """Move the row from queued to sending, with the gateway that is asked first. Return False if another worker did.

    The gateway is stored before it is asked: if this worker dies, the sweep knows which one may have the message.
    """
    row = TextMessage.objects.filter(pk=message.pk, status=Status.QUEUED, tries=message.tries, expires_at__gt=now)
    gateway = order[0].slug if order else message.gateway
    claimed = outbox.claim(
        row,
        status=Status.SENDING,
        status_at=now,
        next_at=now + settings.SMS_STUCK_AFTER,
        tries=F("tries") + 1,
        gateway=gateway,
    )
    message.tries += 1
    return claimed


def _hand_back(message: TextMessage, now: datetime) -> None:
    """Leave the message to another worker, which can reach the gateways."""
    row = TextMessage.objects.filter(pk=message.pk, status=Status.QUEUED, tries=message.tries)
    row.update(next_at=now + _HANDED_BACK, tries=F("tries") + 1)


def _cancel(message: TextMessage, why: str) -> None:
    row = TextMessage.objects.filter(pk=message.pk, tries=message.tries, status=Status.SENDING)
    row.update(status=Status.CANCELLED, status_at=database_clock.now(), error=why)


def _order(message: TextMessage, history: History) -> list[Gateway]:
    """Return the gateways to try, in the order of the circuit breaker.

    A gateway that refused the message is not asked again, and one that may have it comes last. So does the gateway of
    the device's previous code if that went unanswered and did not arrive. A test uses only the gateway that the agent
    chose.
    """
    if message.notice == TextMessage.TEST:
        return [gateway for gateway in gateways.configured() if gateway.slug == message.gateway]
    order = breaker.order(routing.preferred(gateways.configured(), numbers.region_of(message.number)))
    late = set(history.silent)
    device = message.challenge.device if message.challenge else None
    if len(order) > 1 and device is not None and device.unanswered_messages >= 2:
        codes = TextMessage.objects.filter(device=device, pk__lt=message.pk).exclude(purpose=TextMessage.NOTICE)
        before = codes.order_by("-pk").values("gateway", "status").first()
        late |= {one.slug for one in order if before and _did_not_arrive(before["status"], before["gateway"], one)}
    order = [gateway for gateway in order if gateway.slug not in history.closed]
    return sorted(order, key=lambda gateway: gateway.slug in late)


def _did_not_arrive(status: str, by: str, gateway: Gateway) -> bool:
    if by != gateway.slug:
        return False
    return status in _DID_NOT_ARRIVE or (status == Status.SENT and gateway.wants_receipts)


@dataclass
class _Sending:
    """One message on its way through the gateways."""

    message: TextMessage
    text: str
    asked: bool = False
    unanswered: int = 0
    # When a gateway that is too busy now will be ready, and whether another one failed.
    ready_at: list[datetime] = field(default_factory=list)
    failed: bool = False

    def through(self, order: Sequence[Gateway]) -> None:
        """Try one gateway after the other, until one accepts the message or no time is left.

        After two gateways without an answer, no third is asked at once: both may have the message.
        """
        waiting: list[Gateway] = []
        for gateway in order:
            if self.unanswered > 1 or attempting.seconds_left(self.message) < 1:
                break
            if not self._is_due(gateway, _SHORT_WAIT):
                waiting.append(gateway)
            elif (self.asked and not self._is_still_ours(gateway)) or self._ask(gateway):
                return
        if not self.asked:
            self._reserve(waiting)
        self._put_back()

    def _is_due(self, gateway: Gateway, patience: timedelta) -> bool:
        """Return whether the gateway may be asked now: it is not disabled, not busy, and its rate allows it."""
        now = database_clock.now()
        if gateway.slug in breaker.disabled_gateways() and self.message.notice != TextMessage.TEST:
            return False
        busy_until = breaker.busy_until(gateway.slug)
        if busy_until is not None and busy_until > now:
            self.ready_at.append(busy_until)
            return False
        rate = gateways.route_of(gateway).rate
        if rate is None or (self.message.error == RESERVED and self.message.gateway == gateway.slug):
            return True
        slot = pacing.take_slot(gateway.slug, rate, now + patience)
        if slot is None:
            return False
        if slot > now:
            attempting.release_connection()
            time.sleep((slot - now).total_seconds())
        return True

    def _reserve(self, waiting: Iterable[Gateway]) -> None:
        """Reserve a moment at the first gateway whose rate is used up. The message is sent then."""
        for gateway in waiting:
            rate = gateways.route_of(gateway).rate
            if rate is None or gateway.slug in breaker.disabled_gateways():
                continue
            slot = pacing.take_slot(gateway.slug, rate, self.message.expires_at - timedelta(seconds=2))
            if slot is not None:
                self._row().filter(status=Status.SENDING).update(
                    status=Status.QUEUED,
                    status_at=database_clock.now(),
                    next_at=slot,
                    error=RESERVED,
                    gateway=gateway.slug,
                    dispatches=1,
                )
                return

    def _is_still_ours(self, gateway: Gateway) -> bool:
        """Mark the message as not stuck. Return False if a receipt or the sweep has changed it since."""
        now = database_clock.now()
        row = self._row().filter(status=Status.SENDING)
        return bool(row.update(status_at=now, next_at=now + settings.SMS_STUCK_AFTER, gateway=gateway.slug))

    def _ask(self, gateway: Gateway) -> bool:
        """Ask one gateway. Return whether it accepted the message."""
        self.asked = True
        attempted = attempting.ask(self.message, self.text, gateway)
        if attempted.fault is None:
            self._accepted(gateway, attempted.message_id)
            return True
        self.unanswered += attempted.fault is GatewayFault.UNKNOWN
        if attempted.wait is not None:
            self.ready_at.append(database_clock.now() + timedelta(seconds=attempted.wait))
        self.failed = self.failed or attempted.wait is None or attempted.fault is GatewayFault.UNKNOWN
        return False

    def _accepted(self, gateway: Gateway, message_id: str) -> None:
        """Record that a gateway has the message, unless a receipt or the sweep came first.

        In that case the status is settled from everything that is known.
        """
        now = database_clock.now()
        known = {"gateway": gateway.slug, "gateway_message_id": message_id, "sent_at": now}
        row = self._row()
        if not row.filter(status=Status.SENDING).update(status=Status.SENT, status_at=now, error="", **known):
            row.update(**known)

    def _put_back(self) -> None:
        """Settle a message that no gateway has accepted: it is tried again, or it ends."""
        with transaction.atomic():
            for message in self._row().filter(status=Status.SENDING).select_for_update(of=("self",)):
                settle(message, database_clock.now(), None if self.failed else min(self.ready_at, default=None))

    def _row(self) -> QuerySet[TextMessage]:
        return TextMessage.objects.filter(pk=self.message.pk, tries=self.message.tries)
