"""Writes security events. Apps call it in their `events` modules."""

from collections.abc import Callable

from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind
from audit.models import SecurityEvent
from common import keyed_digests, references
from common.client_info import ClientInfo

Listener = Callable[[SecurityEvent], None]

_listeners: dict[str, list[Listener]] = {}


def name_digest(name: str) -> str:
    """Return the keyed digest of a name, 32 hexadecimal digits. Attempts on a name are counted by it."""
    return name_digests(name)[0]


def name_digests(name: str) -> list[str]:
    """Return the digests that events about the name may have: one for each key of `SECRET_KEY_FALLBACKS` too."""
    return [digest[:32] for digest in keyed_digests.all_digests("audit.log.name", name)]


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
    event = SecurityEvent.objects.create(
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
    references.mark_recorded(client.reference)
    for listener in _listeners.get(kind, ()):
        listener(event)
    return event


def listen(kind: EventKind, listener: Listener) -> None:
    """Call `listener` with each new event of the kind, in its transaction. An exception rolls the change back."""
    _listeners.setdefault(kind, []).append(listener)
