"""Compromise reports: the owner says that an event was not them.

The link in the email lets its holder lock the account down, with or without a sign-in. It allows nothing else, so an
attacker who reads the owner's email cannot sign in with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django_otp.models import Device

from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from common.root_urls import portal_url
from notices import events, kinds
from notices.problems import report_link_dead
from sessions import registry
from sign_in import methods
from sign_in.methods import device_rows

Listener = Callable[[Account, SecurityEvent], None]

_SALT = "notices.compromise_report"
_listeners: list[Listener] = []


@dataclass(frozen=True)
class CompromiseReport:
    """The subject of a report link. `told` is the event of the report, or None if the owner has not reported yet."""

    event: SecurityEvent
    told: SecurityEvent | None

    @property
    def what(self) -> str:
        """The event, as text for the owner."""
        kind = kinds.find_by_event(self.event)
        return str(kind.label) if kind else self.event.get_kind_display()

    @property
    def at(self) -> datetime:
        """The time of the event."""
        return self.event.at

    @property
    def by_helpdesk(self) -> bool:
        """Whether an agent caused the event."""
        kind = kinds.find_by_event(self.event)
        return kind is not None and kind.by_helpdesk

    @property
    def locks(self) -> bool:
        """Whether a report locks a login method."""
        return locks(self.event)

    @property
    def has_locked(self) -> bool:
        """Whether the report has locked a login method."""
        return self.told is not None and self.told.device_id is not None


def register(listener: Listener) -> None:
    """Add a listener. It gets the account and the reported event, in the transaction of the report."""
    _listeners.append(listener)


def report_link(event: SecurityEvent) -> str:
    """Return the URL where the owner reports the event.

    SECURITY: the worker that mails the link creates it, so that the link is never in the broker.
    """
    return portal_url("notices:report", [signing.dumps(event.pk, salt=_SALT)])


def locks(event: SecurityEvent) -> bool:
    """Return whether a report of the event locks its device. It does if the device could let an attacker in."""
    kind = kinds.find_by_event(event)
    return kind is not None and kind.report_locks_device and event.device_id is not None


def find_report(token: str) -> CompromiseReport:
    """Return the subject of a link. Raise the same problem for an expired link and for a forged one."""
    try:
        event_id = signing.loads(token, salt=_SALT, max_age=settings.REPORT_LINK_LIFE)
    except signing.BadSignature:
        raise report_link_dead() from None
    event = SecurityEvent.objects.filter(pk=event_id).exclude(account=None).first()
    if event is None:
        raise report_link_dead()
    return CompromiseReport(event, _find_report(event))


def _find_report(event: SecurityEvent) -> SecurityEvent | None:
    """Return the event that records the report of this event, or None."""
    return SecurityEvent.objects.filter(
        account_id=event.account_id or 0, kind=events.REPORTED, detail=str(event.pk)
    ).first()


def _device(event: SecurityEvent) -> Device | None:
    """Lock the device of an event, confirmed or not, and return it. Return None if it was deleted."""
    for device in device_rows.all_devices(event.account_id or 0):
        method = methods.of_device(device)
        if method is not None and method.owns(event.method) and device.pk == event.device_id:
            method.disable(device)
            return device
    return None


def report_compromise(event: SecurityEvent, client: ClientInfo) -> bool:
    """Lock the account of the event down: its sessions, its password, its enrollment, and the event's device.

    All sessions end. The password proves nothing until it is renewed. A password alone enrolls nothing until the
    helpdesk closes the case.

    Return False and change nothing if the event was already reported. If two requests come at once, one makes the
    report.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=event.account_id or 0)
        if _find_report(event) is not None:
            return False
        registry.end_all(account)
        states.report(account)
        device = _device(event) if locks(event) else None
        events.reported(account, event.kind, str(event.pk), client, device)
        for listener in _listeners:
            listener(account, event)
    return True
