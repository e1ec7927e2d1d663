"""The delivery status of a message: its name for agents, and advice for the person who waits."""

from datetime import timedelta
from enum import Enum

from django.utils import timezone
from django.utils.translation import gettext as _

from mfa_sms import delivery, gateways
from mfa_sms.gateways import GatewayFault
from mfa_sms.models import TextMessage

Status = TextMessage.Status

_SILENCE = timedelta(minutes=10)  # after this time without an expected receipt, the status is SILENT


class DeliveryStatus(Enum):
    """The statuses that people must distinguish. Several message statuses can map to one."""

    WAITS = "waits"
    RETRIED = "retried"  # queued, because no gateway has taken it yet
    SENT = "sent"
    SENT_BLIND = "sent_blind"  # through a gateway that sends no receipts
    SILENT = "silent"
    DELIVERED = "delivered"
    UNREACHABLE = "unreachable"
    NO_SUCH_NUMBER = "no_such_number"
    REJECTED = "rejected"
    FAULT = "fault"
    TOO_LATE = "too_late"
    ABOVE_LIMIT = "above_limit"


_LONG = timedelta(seconds=10)  # most messages leave the queue within a second
_FAILED = (
    DeliveryStatus.UNREACHABLE,
    DeliveryStatus.NO_SUCH_NUMBER,
    DeliveryStatus.REJECTED,
    DeliveryStatus.FAULT,
    DeliveryStatus.TOO_LATE,
    DeliveryStatus.ABOVE_LIMIT,
)


def has_failed(fate: DeliveryStatus) -> bool:
    """Return whether the message has most likely not arrived, so that its owner must do something."""
    return fate in _FAILED


def waits_long(message: TextMessage) -> bool:
    """Return whether the message is still queued although most are sent by then."""
    fate = delivery_status(message)
    return fate is DeliveryStatus.RETRIED or (
        fate is DeliveryStatus.WAITS and timezone.now() - message.status_at > _LONG
    )


def delivery_status(message: TextMessage) -> DeliveryStatus:
    """Return the delivery status as far as it is known.

    Reads the message's `status`, `status_at`, `gateway` and `error`.
    """
    match message.status:
        case Status.QUEUED if message.error and message.error != delivery.RESERVED:
            return DeliveryStatus.RETRIED
        case Status.QUEUED | Status.SENDING:
            return DeliveryStatus.WAITS
        case Status.SENT if is_final(message):
            return DeliveryStatus.SENT_BLIND
        case Status.SENT if timezone.now() - message.status_at > _SILENCE:
            return DeliveryStatus.SILENT
        case Status.SENT:
            return DeliveryStatus.SENT
        case Status.DELIVERED:
            return DeliveryStatus.DELIVERED
        case Status.UNDELIVERABLE | Status.EXPIRED:
            return DeliveryStatus.UNREACHABLE
        case Status.REJECTED if message.error == GatewayFault.REFUSED.value:
            return DeliveryStatus.NO_SUCH_NUMBER
        case Status.REJECTED:
            return DeliveryStatus.REJECTED
        case Status.CANCELLED if message.error == delivery.ABOVE_LIMIT:
            return DeliveryStatus.ABOVE_LIMIT
        case Status.CANCELLED:
            return DeliveryStatus.TOO_LATE
        case _:
            return DeliveryStatus.FAULT


def is_final(message: TextMessage) -> bool:
    """Whether no further change of the delivery status is expected."""
    if message.status == Status.SENT:
        gateway = gateways.by_slug(message.gateway)
        return gateway is None or not gateway.wants_receipts
    return message.status not in (Status.QUEUED, Status.SENDING)


def status_name(fate: DeliveryStatus) -> str:
    """Return the name that agents use."""
    match fate:
        case DeliveryStatus.WAITS:
            return _("Queued")
        case DeliveryStatus.RETRIED:
            return _("Not sent yet: being retried")
        case DeliveryStatus.SENT:
            return _("Sent")
        case DeliveryStatus.SENT_BLIND:
            return _("Sent: this gateway sends no receipts")
        case DeliveryStatus.SILENT:
            return _("No receipt")
        case DeliveryStatus.DELIVERED:
            return _("Delivered to the phone")
        case DeliveryStatus.UNREACHABLE:
            return _("The phone cannot be reached")
        case DeliveryStatus.NO_SUCH_NUMBER:
            return _("The number does not exist")
        case DeliveryStatus.REJECTED:
            return _("Rejected by the operator")
        case DeliveryStatus.FAULT:
            return _("Fault at the gateway")
        case DeliveryStatus.TOO_LATE:
            return _("Expired before it was sent")
        case DeliveryStatus.ABOVE_LIMIT:
            return _("Not sent: a limit of messages was reached")


def status_text(fate: DeliveryStatus) -> str:
    """Return what happened and what to do, for the person who waits for the message."""
    match fate:
        case DeliveryStatus.WAITS:
            return _("The text message is in the queue. Wait a minute.")
        case DeliveryStatus.RETRIED:
            return _("We could not send the text message yet. We keep trying until the code expires.")
        case DeliveryStatus.SENT_BLIND:
            return _("The text message has been sent. If it does not arrive within a minute, ask for it again.")
        case DeliveryStatus.SILENT:
            return _("We do not know whether the text message has arrived. Ask for it again.")
        case DeliveryStatus.SENT:
            return _("The text message has been sent. Wait a little.")
        case DeliveryStatus.DELIVERED:
            return _("It was delivered to the phone. Check your spam folder, unknown senders and your other SIM card.")
        case DeliveryStatus.UNREACHABLE:
            return _("The phone cannot be reached. Check flight mode and coverage, or restart it.")
        case DeliveryStatus.NO_SUCH_NUMBER:
            return _("The number cannot receive text messages. Check the digits and the country code.")
        case DeliveryStatus.REJECTED:
            return _("The operator rejected the text message. It is not your fault. Call IT Support.")
        case DeliveryStatus.TOO_LATE:
            return _("The code expired before it was sent. Ask for a new one.")
        case DeliveryStatus.ABOVE_LIMIT:
            return _("The text message was not sent, because too many were sent before. Try again later.")
        case DeliveryStatus.FAULT:
            return _("There is a fault at the provider of text messages. We are working on it.")


def status_advice(fate: DeliveryStatus) -> str:
    """Return what an agent tells the owner to do, for any kind of message."""
    match fate:
        case DeliveryStatus.WAITS:
            return _("Wait a minute.")
        case DeliveryStatus.RETRIED:
            return _("Wait a minute, or use another method.")
        case DeliveryStatus.SENT_BLIND:
            return _("Wait a minute, then try again.")
        case DeliveryStatus.SENT:
            return _("Wait a little.")
        case DeliveryStatus.SILENT:
            return _("Try again.")
        case DeliveryStatus.DELIVERED:
            return _("Check the spam folder, unknown senders and the other SIM card.")
        case DeliveryStatus.UNREACHABLE:
            return _("Check flight mode, coverage and roaming, or restart the phone.")
        case DeliveryStatus.NO_SUCH_NUMBER:
            return _("Check the digits and the country code.")
        case DeliveryStatus.REJECTED:
            return _("It is not your fault: your phone company did not deliver the message.")
        case DeliveryStatus.FAULT:
            return _("It is not your fault: we are working on it.")
        case DeliveryStatus.TOO_LATE:
            return _("Ask for a new one.")
        case DeliveryStatus.ABOVE_LIMIT:
            return _("It was only a notice. The email was sent.")
