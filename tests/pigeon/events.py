"""The pigeon's own kind of security event."""

from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo

PIGEON_SENT = register(
    EventKind(
        "pigeon_sent",
        "Due sendt",
        owner_text=lambda event: "Du sendte en due.",
        reasons={"storm": "Det stormede"},
    )
)


def pigeon_sent(account: Account, device: Device, client: ClientInfo) -> SecurityEvent:
    """A pigeon brought the right word. Written in addition to the sign-in or step-up."""
    return write_event(PIGEON_SENT, client, account, device=device, reason="storm", actor=account)
