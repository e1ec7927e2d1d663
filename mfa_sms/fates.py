"""What became of a message, in words: for agents by name, for the person who waits for it with what to do."""

from datetime import timedelta
from enum import Enum

from django.utils import timezone
from django.utils.translation import gettext as _

from mfa_sms import gateways
from mfa_sms.gateways import Fault
from mfa_sms.models import TextMessage

Status = TextMessage.Status

_SILENCE = timedelta(minutes=10)  # without a receipt, of a gateway that sends them


class Fate(Enum):
    """What people need to tell apart; several of our states may mean the same to them."""

    WAITS = "waits"
    SENT = "sent"
    SILENT = "silent"
    DELIVERED = "delivered"
    UNREACHABLE = "unreachable"
    NO_SUCH_NUMBER = "no_such_number"
    REJECTED = "rejected"
    FAULT = "fault"
    TOO_LATE = "too_late"


def of(message: TextMessage) -> Fate:
    """Return what became of a message, as far as we know. Needs its status and since when, its gateway and error."""
    match message.status:
        case Status.QUEUED | Status.SENDING:
            return Fate.WAITS
        case Status.SENT if not is_final(message) and timezone.now() - message.status_at > _SILENCE:
            return Fate.SILENT
        case Status.SENT:
            return Fate.SENT
        case Status.DELIVERED:
            return Fate.DELIVERED
        case Status.UNDELIVERABLE | Status.EXPIRED:
            return Fate.UNREACHABLE
        case Status.REJECTED if message.error == Fault.REFUSED.value:
            return Fate.NO_SUCH_NUMBER
        case Status.REJECTED:
            return Fate.REJECTED
        case Status.CANCELLED:
            return Fate.TOO_LATE
        case _:
            return Fate.FAULT


def is_final(message: TextMessage) -> bool:
    """Whether what we say of the message can no longer change."""
    if message.status == Status.SENT:
        gateway = gateways.by_slug(message.gateway)
        return gateway is None or not gateway.wants_receipts
    return message.status not in (Status.QUEUED, Status.SENDING)


def name(fate: Fate) -> str:
    """Return what agents call it."""
    match fate:
        case Fate.WAITS:
            return _("Queued")
        case Fate.SENT:
            return _("Sent")
        case Fate.SILENT:
            return _("No receipt")
        case Fate.DELIVERED:
            return _("Delivered to the phone")
        case Fate.UNREACHABLE:
            return _("The phone cannot be reached")
        case Fate.NO_SUCH_NUMBER:
            return _("The number does not exist")
        case Fate.REJECTED:
            return _("Rejected by the operator")
        case Fate.FAULT:
            return _("Fault at the gateway")
        case Fate.TOO_LATE:
            return _("Expired before it was sent")


def said(fate: Fate) -> str:
    """Return what became of it and what to do, in words for the person who waits for it."""
    match fate:
        case Fate.WAITS:
            return _("The text message is in the queue. Wait a minute.")
        case Fate.SILENT:
            return _("We do not know whether the text message has arrived. Ask for it again.")
        case Fate.SENT:
            return _("The text message has been sent. Wait a little.")
        case Fate.DELIVERED:
            return _("It was delivered to the phone. Look in spam, among unknown senders, and at the other SIM card.")
        case Fate.UNREACHABLE:
            return _("The phone cannot be reached. Check flight mode and coverage, or restart it.")
        case Fate.NO_SUCH_NUMBER:
            return _("The number cannot receive text messages. Check the digits and the country code.")
        case Fate.REJECTED:
            return _("The operator rejected the text message. It is not your fault. Call IT Support.")
        case Fate.TOO_LATE:
            return _("The code expired before it was sent. Ask for a new one.")
        case Fate.FAULT:
            return _("There is a fault at the provider of text messages. We are working on it.")


def advice(fate: Fate) -> str:
    """Return what an agent tells the owner to do, whatever the message was about."""
    match fate:
        case Fate.WAITS:
            return _("Wait a minute.")
        case Fate.SENT:
            return _("Wait a little.")
        case Fate.SILENT:
            return _("Try again.")
        case Fate.DELIVERED:
            return _("Look in spam, among unknown senders, and at the other SIM card.")
        case Fate.UNREACHABLE:
            return _("Check flight mode, coverage and roaming, or restart the phone.")
        case Fate.NO_SUCH_NUMBER:
            return _("Check the digits and the country code.")
        case Fate.REJECTED:
            return _("It is not your fault: the operator does not carry the message.")
        case Fate.FAULT:
            return _("It is not your fault: we are working on it.")
        case Fate.TOO_LATE:
            return _("Ask for a new one.")
