"""Sends queued messages: claims the row, commits, releases the connection, then calls the gateway."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from common import outbox
from common.root_urls import portal_url
from mfa_sms import breaker, gateways, limits, texts
from mfa_sms.gateways import Gateway, GatewayError, GatewayFault, OutgoingMessage, SendResult
from mfa_sms.models import Attempt, TextMessage

logger = logging.getLogger(__name__)
Status = TextMessage.Status

WORKER_LOST = "worker_lost"
ABOVE_LIMIT = "above_limit"

# Columns that sending needs. The three tables have three times as many.
_NEEDED = (
    *("number", "purpose", "notice", "language", "gateway", "expires_at", "tries", "device_id", "account_id"),
    *(f"challenge__{field}" for field in ("purpose", "nonce", "key_id", "outcome", "device_id")),
    *("challenge__device__number", "challenge__device__unanswered_messages"),
)

_DID_NOT_ARRIVE = {Status.UNDELIVERABLE, Status.EXPIRED, Status.FAILED, Status.UNKNOWN, Status.REJECTED}


@dataclass(frozen=True)
class Result:
    """The result of sending a message. `gateway` is the one that accepted it, or the last one tried."""

    status: TextMessage.Status
    gateway: str = ""
    message_id: str = ""
    error: str = ""


@shared_task(name="mfa_sms.send_code_message", expires=settings.SMS_CODE_LIFE.total_seconds())
def send_code_message(message_id: int) -> None:
    deliver(message_id)


@shared_task(name="mfa_sms.send_notice_message", expires=settings.SMS_NOTICE_LIFE.total_seconds())
def send_notice_message(message_id: int) -> None:
    """Send a notice or a test."""
    deliver(message_id)


def deliver(message_id: int) -> None:
    """Send one message if it is still queued and has not expired, and record the result.

    Safe to call concurrently: one conditional UPDATE decides which worker sends.
    """
    if not _claim(message_id):
        return
    message = _load(message_id)
    if message.purpose == TextMessage.NOTICE and message.tries == 1 and _is_above_limit(message):
        _record(message, Result(Status.CANCELLED, error=ABOVE_LIMIT))
        return
    try:
        text = texts.render(message)
    except texts.NothingToSay as error:
        _record(message, Result(Status.CANCELLED, error=str(error)))
        return
    order = _order(message)
    result = _Sending(message, text).through(order)
    _record(message, result)


def _is_above_limit(message: TextMessage) -> bool:
    """Count a notice at its first try, and return whether a limit refuses it. Codes were counted when requested."""
    with transaction.atomic():
        return limits.take_notice(message) is not None


def _claim(message_id: int) -> bool:
    """Move the row from queued to sending. If it has expired, end it instead and return False."""
    now = timezone.now()
    queued = TextMessage.objects.filter(pk=message_id, status=Status.QUEUED)
    living = queued.filter(expires_at__gt=now)
    if outbox.claim(living, status=Status.SENDING, status_at=now, tries=F("tries") + 1):
        return True
    end_queued(queued.filter(expires_at__lte=now), now)
    return False


def end_queued(dead: QuerySet[TextMessage], now: datetime) -> None:
    """Set the final status of queued messages that have expired.

    A message that was never tried is cancelled. If its worker was lost, the status is unknown, since a gateway may have
    accepted it. Otherwise it failed: no gateway could accept it when it was tried.
    """
    queued = dead.filter(status=Status.QUEUED)
    queued.filter(error=WORKER_LOST).update(status=Status.UNKNOWN, status_at=now)
    queued.filter(tries__gt=0).update(status=Status.FAILED, status_at=now)
    queued.filter(tries=0).update(status=Status.CANCELLED, status_at=now, error="expired")


def _load(message_id: int) -> TextMessage:
    return TextMessage.objects.select_related("challenge__device").only(*_NEEDED).get(pk=message_id)


def _order(message: TextMessage) -> list[Gateway]:
    """Return the gateways to try, in the order of the circuit breaker.

    If the device's previous code went unanswered and did not arrive, its gateway comes last. A test uses only the
    gateway that the agent chose.
    """
    if message.notice == TextMessage.TEST:
        return [gateway for gateway in gateways.configured() if gateway.slug == message.gateway]
    order = breaker.order(gateways.configured())
    device = message.challenge.device if message.challenge else None
    if len(order) < 2 or device is None or device.unanswered_messages < 2:
        return order
    codes = TextMessage.objects.filter(device=device, pk__lt=message.pk).exclude(purpose=TextMessage.NOTICE)
    before = codes.order_by("-pk").values("gateway", "status").first()
    late = [gateway for gateway in order if before and _did_not_arrive(before["status"], before["gateway"], gateway)]
    return [gateway for gateway in order if gateway not in late] + late


def _did_not_arrive(status: str, by: str, gateway: Gateway) -> bool:
    if by != gateway.slug:
        return False
    return status in _DID_NOT_ARRIVE or (status == Status.SENT and gateway.wants_receipts)


@dataclass
class _Sending:
    """One message on its way through the gateways, with the faults so far."""

    message: TextMessage
    text: str
    faults: list[GatewayFault] = field(default_factory=list)
    asked: str = ""

    def through(self, order: Sequence[Gateway]) -> Result:
        """Try one gateway after the other.

        Stop at a refused number, since no other gateway could reach it. After an unknown result, try one more gateway.
        The code is the same, so the worst case is a duplicate message.
        """
        if not order:
            return self._later("")  # every gateway is disabled; one may be enabled in time
        for gateway in order:
            seconds = int((self.message.expires_at - timezone.now()).total_seconds())
            if seconds < 1 or (self.asked and not self._is_still_ours()):
                break
            self.asked = gateway.slug
            try:
                accepted = self._ask(gateway, seconds)
            except GatewayError as error:
                self.faults.append(error.fault)
                if error.fault is GatewayFault.REFUSED:
                    return Result(Status.REJECTED, gateway.slug, error=GatewayFault.REFUSED.value)
                if self.faults.count(GatewayFault.UNKNOWN) > 1:
                    break
                continue
            return Result(Status.SENT, gateway.slug, accepted.message_id)
        return self._nobody_took_it()

    def _is_still_ours(self) -> bool:
        """Mark the message as not stuck. Return False if a receipt or the sweep has changed it since."""
        row = TextMessage.objects.filter(pk=self.message.pk, status=Status.SENDING, tries=self.message.tries)
        return bool(row.update(status_at=timezone.now()))

    def _ask(self, gateway: Gateway, seconds: int) -> SendResult:
        """Send the message through one gateway and record the attempt. Raises `GatewayError`."""
        started = timezone.now()
        _release_connection()
        outcome, code, message_id = Attempt.Outcome.ACCEPTED, "", ""
        try:
            accepted = gateway.send(self._outgoing(gateway, seconds))
            message_id = accepted.message_id
            return accepted
        except GatewayError as error:
            outcome, code = Attempt.Outcome(error.fault.value), error.code
            raise
        except Exception as error:
            # The request may have left before an unexpected exception. Its text may quote the number and is not logged.
            logger.error("a gateway raised %s", type(error).__name__, extra=self._named(gateway))
            outcome, code = Attempt.Outcome.UNKNOWN, "exception"
            raise GatewayError(GatewayFault.UNKNOWN) from None
        finally:
            Attempt.objects.create(
                message=self.message,
                gateway=gateway.slug,
                outcome=outcome,
                code=code,
                gateway_message_id=message_id,
                started_at=started,
            )
            self._note_outcome(gateway, outcome)

    def _note_outcome(self, gateway: Gateway, outcome: Attempt.Outcome) -> None:
        logger.info("message %s, gateway %s: %s", self.message.pk, gateway.slug, outcome, extra=self._named(gateway))
        if outcome is Attempt.Outcome.ACCEPTED:
            breaker.succeeded(gateway.slug)
        elif outcome in breaker.FAULTS:
            breaker.failed(gateway.slug)

    def _named(self, gateway: Gateway) -> dict[str, object]:
        return {"message_id": self.message.pk, "gateway": gateway.slug}

    def _outgoing(self, gateway: Gateway, seconds: int) -> OutgoingMessage:
        return OutgoingMessage(
            to=self.message.number.as_e164,
            text=self.text,
            sender=settings.SMS_SENDER,
            reference=str(self.message.pk),
            validity=seconds,
            receipt_url=receipt_url(gateway),
        )

    def _nobody_took_it(self) -> Result:
        """Return the result if no gateway accepted the message.

        It is unknown if any gateway may have accepted the message. If a gateway was unavailable, the message goes back
        to the queue.
        """
        last = self.asked
        if not self.asked:
            return Result(Status.CANCELLED, error="expired")
        if GatewayFault.UNKNOWN in self.faults:
            return Result(Status.UNKNOWN, last, error=GatewayFault.UNKNOWN.value)
        if self.faults and all(fault is GatewayFault.REJECTED for fault in self.faults):
            return Result(Status.REJECTED, last, error=GatewayFault.REJECTED.value)
        if timezone.now() >= self.message.expires_at:
            return Result(Status.CANCELLED, last, error="expired")
        return self._later(last)

    def _later(self, last: str) -> Result:
        """Return the message to the queue, or let it fail after the maximum number of tries."""
        is_notice = self.message.purpose == TextMessage.NOTICE
        if self.message.tries < (settings.SMS_NOTICE_TRIES if is_notice else settings.SMS_TRIES):
            return Result(Status.QUEUED, last, error=GatewayFault.UNAVAILABLE.value)
        return Result(Status.FAILED, last, error=GatewayFault.UNAVAILABLE.value)


def receipt_url(gateway: Gateway) -> str:
    """Return the URL for the gateway's receipts; empty if it sends none."""
    if not gateway.wants_receipts:
        return ""
    return portal_url("mfa_sms:receipts", [gateway.slug])


def _release_connection() -> None:
    """Return the database connection to the pool, since the network call may take seconds."""
    if not connection.in_atomic_block:
        connection.close()


def _record(message: TextMessage, result: Result) -> None:
    """Record the result, unless a receipt came first: the status changes only from `sending`.

    After a receipt, only the gateway, its id and the time are recorded. Nothing is recorded if the sweep gave the
    message to another worker, which increases `tries`.
    """
    now = timezone.now()
    row = TextMessage.objects.filter(pk=message.pk, tries=message.tries)
    known = {"gateway": result.gateway, "gateway_message_id": result.message_id}
    sent = {"sent_at": now} if result.status == Status.SENT else {}
    if not row.filter(status=Status.SENDING).update(
        status=result.status, status_at=now, error=result.error, **known, **sent
    ):
        row.update(**known, **sent)
