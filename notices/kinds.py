"""The registry of notice kinds.

Each app registers its own kinds with their texts in its `notices` module, which its `AppConfig.ready` imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Self

from django.utils.functional import Promise

from audit.kinds import EventKind

if TYPE_CHECKING:
    from audit.models import SecurityEvent

MAX_LENGTH = 32  # length of the column `kind`


class UnknownNotice(ValueError):
    """Raised for a notice kind that no app has registered."""


class NoticeKind(str):
    """A kind of notice to the owner of an account. Its value is the name that the column `kind` stores.

    - `label`: the text for lists, filters and the page on which the owner reports the event.
    - `event_kind`: the kind of event that the notice is about.
    - `subject` and `text`: the subject of the email, and its first paragraph for an event.
    - `sms`: the text message, with `%(phone)s` for the support phone. None if no text message is sent.
    - `is_reportable`: whether the email has the link "It was not me". Each event kind has at most one such notice kind.
    - `report_locks_device`: whether a report also locks the device of the event.
    - `by_helpdesk`: whether an agent caused the event. The texts then ask whether the owner asked for it.
    """

    label: str | Promise
    event_kind: EventKind
    subject: str | Promise
    text: Callable[[SecurityEvent], str]
    sms: str | Promise | None
    is_reportable: bool
    report_locks_device: bool
    by_helpdesk: bool

    def __new__(cls, name: str, *args: Any, **options: Any) -> Self:
        return super().__new__(cls, name)

    def __init__(
        self,
        name: str,
        label: str | Promise,
        *,
        event_kind: EventKind,
        subject: str | Promise,
        text: Callable[[SecurityEvent], str],
        sms: str | Promise | None = None,
        is_reportable: bool = True,
        report_locks_device: bool = False,
        by_helpdesk: bool = False,
    ) -> None:
        self.label = label
        self.event_kind = event_kind
        self.subject = subject
        self.text = text
        self.sms = sms
        self.is_reportable = is_reportable
        self.report_locks_device = report_locks_device
        self.by_helpdesk = by_helpdesk


_kinds: dict[str, NoticeKind] = {}
_by_event: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> NoticeKind:
    """Add a kind and return it.

    Raise `ValueError` if its name is taken, empty or too long, or if its event kind already has a reportable notice.
    """
    if kind in _kinds:
        raise ValueError(f"Notice kind {str(kind)!r} is registered twice.")
    if not 0 < len(kind) <= MAX_LENGTH:
        raise ValueError(f"Notice kind {str(kind)!r} must have 1 to {MAX_LENGTH} characters.")
    if kind.is_reportable:
        if kind.event_kind in _by_event:
            raise ValueError(f"Event kind {str(kind.event_kind)!r} has two reportable notices.")
        _by_event[kind.event_kind] = kind
    _kinds[str(kind)] = kind
    return kind


def get_kind(name: str) -> NoticeKind:
    """Return the kind with that name. Raise `UnknownNotice` if no app has registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownNotice(f"Notice kind {name!r} is not registered.") from None


def find_kind(name: str) -> NoticeKind | None:
    """Return the kind with that name, or None. Rows of a removed app have no registered kind."""
    return _kinds.get(name)


def find_by_event(event: SecurityEvent) -> NoticeKind | None:
    """Return the reportable notice kind for events of this kind, or None."""
    return _by_event.get(event.kind)


def all_kinds() -> Iterator[NoticeKind]:
    """Yield the kinds in the order of registration."""
    yield from _kinds.values()


def choices() -> list[tuple[str, str | Promise]]:
    """Return the name and the label of every kind.

    It is a callable, so that no migration lists the kinds of other apps.
    """
    return [(str(kind), kind.label) for kind in _kinds.values()]
