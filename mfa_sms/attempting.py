"""One attempt: asks one gateway, and records its answer."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from common import database_clock
from common.root_urls import portal_url
from mfa_sms import breaker, pacing
from mfa_sms.gateways import Gateway, GatewayError, GatewayFault, OutgoingMessage, SendResult, deadline, http
from mfa_sms.message_references import make_reference
from mfa_sms.models import Attempt, TextMessage
from mfa_sms.own_network import own_network, worker_name

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempted:
    """The result of an attempt. `wait` is the number of seconds for which the gateway wants no further message."""

    fault: GatewayFault | None
    message_id: str = ""
    wait: float | None = None


def ask(message: TextMessage, text: str, gateway: Gateway) -> Attempted:
    """Send the message through one gateway and record the attempt. Returns the database connection before it waits."""
    started = timezone.now()
    # SECURITY: nothing may be sent after the code has expired, even if this process pauses here.
    left = seconds_left(message)
    outgoing = _outgoing(message, text, gateway, left)
    release_connection()
    fault, code, message_id, wait = None, "", "", None
    try:
        with deadline.within(min(http.DEADLINE, left)):
            message_id = _send(gateway, outgoing, message).message_id
    except GatewayError as error:
        fault, code = error.fault, error.code
        if fault is GatewayFault.BUSY or error.retry_after is not None:
            wait = error.retry_after or 1
            pacing.rest(gateway.slug, wait)
            breaker.forget()
    own_network.note(reached=code != http.NETWORK)
    outcome = Attempt.Outcome(fault.value) if fault else Attempt.Outcome.ACCEPTED
    _record(message, gateway, outcome, code, message_id, started)
    return Attempted(fault, message_id, wait)


def seconds_left(message: TextMessage) -> float:
    """Return the seconds until the message expires."""
    return (message.expires_at - database_clock.now()).total_seconds()


def receipt_url(gateway: Gateway) -> str:
    """Return the URL for the gateway's receipts; empty if it sends none."""
    if not gateway.wants_receipts:
        return ""
    return portal_url("mfa_sms:receipts", [gateway.slug])


def release_connection() -> None:
    """Return the database connection to the pool, since what follows may take seconds."""
    if not connection.in_atomic_block:
        connection.close()


def _send(gateway: Gateway, outgoing: OutgoingMessage, message: TextMessage) -> SendResult:
    try:
        return gateway.send(outgoing)
    except GatewayError:
        raise
    except Exception as error:
        # The request may have left before an unexpected exception. Its text may quote the number and is not logged.
        logger.error("a gateway raised %s", type(error).__name__, extra=_named(message, gateway))
        raise GatewayError(GatewayFault.UNKNOWN, "exception") from None


def _record(
    message: TextMessage, gateway: Gateway, outcome: Attempt.Outcome, code: str, message_id: str, started: datetime
) -> None:
    Attempt.objects.create(
        message=message,
        gateway=gateway.slug,
        outcome=outcome,
        code=code,
        gateway_message_id=message_id,
        started_at=started,
        worker=worker_name(),
    )
    logger.info("message %s, gateway %s: %s", message.pk, gateway.slug, outcome, extra=_named(message, gateway))
    breaker.note_attempt(gateway.slug, outcome)


def _named(message: TextMessage, gateway: Gateway) -> dict[str, object]:
    return {"message_id": message.pk, "gateway": gateway.slug}


def _outgoing(message: TextMessage, text: str, gateway: Gateway, left: float) -> OutgoingMessage:
    return OutgoingMessage(
        to=message.number.as_e164,
        text=text,
        sender=settings.SMS_SENDER,
        reference=make_reference(message.pk, gateway.slug),
        validity=max(1, int(left)),
        receipt_url=receipt_url(gateway),
    )
