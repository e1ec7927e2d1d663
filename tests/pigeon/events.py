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
    """Write that a pigeon brought the right word. The sign-in or step-up is a separate event."""
    return write_event(PIGEON_SENT, client, account, device=device, reason="storm", actor=account)
