"""Writes security events. Apps call it in their `events` modules."""

from django.utils.crypto import salted_hmac
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind
from audit.models import SecurityEvent
from common.client_info import ClientInfo


def name_digest(name: str) -> str:
    """Return the keyed digest of a name, 32 hexadecimal digits. Attempts on a name are counted by it."""
    return salted_hmac("audit.log.name", name, algorithm="sha256").hexdigest()[:32]


def write_event(
    kind: EventKind,
    client: ClientInfo,
    account: Account | None = None,
    *,
    name: str = "",
    reason: str = "",
    detail: str = "",
    device: Device | None = None,
    actor: Account | None = None,
) -> SecurityEvent:
    """Write one event in the transaction of the change that it records.

    SECURITY: no argument may contain a password, a code or a full number.
    """
    return SecurityEvent.objects.create(
        kind=kind,
        account=account,
        actor=actor,
        name_digest=name_digest(name) if name else "",
        reason=reason,
        detail=detail,
        method=device._meta.app_label if device else "",
        device_id=device.pk if device else None,
        address=client.address,
        network=client.network,
        browser=client.browser,
        reference=client.reference,
    )
