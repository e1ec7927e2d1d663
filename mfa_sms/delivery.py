"""From the queue to the gateway: claim the row, commit, and only then talk to the network."""

import logging

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from mfa_sms import gateways, texts
from mfa_sms.gateways import Fault, Gateway, GatewayError, OutgoingMessage
from mfa_sms.models import TextMessage

logger = logging.getLogger(__name__)
Status = TextMessage.Status

_STATUS_OF_FAULT = {
    Fault.REFUSED: Status.REJECTED,
    Fault.REJECTED: Status.REJECTED,
    Fault.UNAVAILABLE: Status.FAILED,
    Fault.MISCONFIGURED: Status.FAILED,
    Fault.UNKNOWN: Status.UNKNOWN,
}


def deliver(message_id: int) -> None:
    """Send one message, if nobody else has and its code still lives; record what became of it.

    Safe to call twice at once: one conditional UPDATE decides who sends.
    """
    if not _claim(message_id):
        return
    message = TextMessage.objects.select_related("challenge__device").get(pk=message_id)
    try:
        text = texts.render(message)
    except texts.NothingToSay as error:
        _record(message, Status.CANCELLED, error=str(error))
        return
    _send(message, text, gateways.configured())


def sweep() -> None:
    """Hand over again what has waited too long, and cancel what has outlived its code.

    A worker or a broker may lose a payload; the row is still there.
    """
    from mfa_sms.sending import hand_over

    now = timezone.now()
    waiting = TextMessage.objects.filter(status=Status.QUEUED)
    waiting.filter(expires_at__lte=now).update(status=Status.CANCELLED, status_at=now, error="expired")
    stuck = waiting.filter(status_at__lte=now - settings.SMS_SWEEP_AFTER, expires_at__gt=now)
    for message_id in stuck.values_list("pk", flat=True)[:1000]:
        hand_over(message_id)


def _claim(message_id: int) -> bool:
    """Take the row from queued to sending; cancel it instead where its code is dead."""
    now = timezone.now()
    queued = TextMessage.objects.filter(pk=message_id, status=Status.QUEUED)
    if queued.filter(expires_at__gt=now).update(status=Status.SENDING, status_at=now, tries=F("tries") + 1):
        return True
    queued.filter(expires_at__lte=now).update(status=Status.CANCELLED, status_at=now, error="expired")
    return False


def _send(message: TextMessage, text: str, order: list[Gateway]) -> None:
    outgoing = OutgoingMessage(
        to=message.number.as_e164,
        text=text,
        sender=settings.SMS_SENDER,
        reference=str(message.pk),
        validity=max(1, int((message.expires_at - timezone.now()).total_seconds())),
    )
    gateway = order[0]
    try:
        result = gateway.send(outgoing)
    except GatewayError as error:
        logger.warning("message %s: gateway %s: %s", message.pk, gateway.slug, error)
        _record(message, _STATUS_OF_FAULT[error.fault], gateway=gateway.slug, error=error.fault.value)
        return
    except Exception as error:
        # What a gateway must not raise can have happened after the request left. Its text may quote the number.
        logger.error("message %s: gateway %s raised %s", message.pk, gateway.slug, type(error).__name__)
        _record(message, Status.UNKNOWN, gateway=gateway.slug, error="exception")
        return
    logger.info("message %s: sent through %s", message.pk, gateway.slug)
    _record(message, Status.SENT, gateway=gateway.slug, gateway_message_id=result.message_id)


def _record(message: TextMessage, status: TextMessage.Status, **fields: str) -> None:
    TextMessage.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=status, status_at=timezone.now(), **fields
    )
