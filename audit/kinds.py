"""The registry of security event kinds.

Each app registers its own kinds in its `events` module, which its `AppConfig.ready` imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from django.utils.functional import Promise

if TYPE_CHECKING:
    from audit.models import SecurityEvent

Text = str | Promise
EventText = Callable[["SecurityEvent"], str]

MAX_LENGTH = 32  # length of the column `kind`


class UnknownKind(ValueError):
    """Raised for a kind that no app has registered."""


class EventKind(str):
    """A kind of security event. Its value is the name that the column `kind` stores. Register it with `register`.

    - `label`: the text for lists, filters and exports.
    - `owner_text`: returns the sentence that the account's owner reads. Owners do not see kinds without one.
    - `reason_text` and `detail_text`: return the columns `reason` and `detail` as text for helpdesk staff.
    - `is_failure`: whether it says that something was refused, locked or reported. The helpdesk shows it in red.
    - `is_sign_in_attempt`: whether the helpdesk lists it among the sign-in attempts of an account.
    - `proves_password`: whether the event proves that somebody knows the password of its account. With a reason from
      `unproven_reasons` it does not. The owner is notified if no event that `settles_password` follows.
    - `settles_password`: whether a sign-in or a change that the owner is notified of has followed the password.
    - `shows_client`: whether owners see the address and the browser. Those of a helpdesk agent do not help them.
    """

    label: Text
    owner_text: EventText | None
    reason_text: EventText | None
    detail_text: EventText | None
    is_failure: bool
    is_sign_in_attempt: bool
    proves_password: bool
    unproven_reasons: frozenset[str]
    settles_password: bool
    shows_client: bool
    _reasons: dict[str, Text]

    def __new__(cls, name: str, *args: Any, **options: Any) -> Self:
        return super().__new__(cls, name)

    def __init__(
        self,
        name: str,
        label: Text,
        *,
        owner_text: EventText | None = None,
        reasons: Mapping[str, Text] | None = None,
        reason_text: EventText | None = None,
        detail_text: EventText | None = None,
        is_failure: bool = False,
        is_sign_in_attempt: bool = False,
        proves_password: bool = False,
        unproven_reasons: Iterable[str] = (),
        settles_password: bool = False,
        shows_client: bool = True,
    ) -> None:
        self.label = label
        self.owner_text = owner_text
        self.reason_text = reason_text
        self.detail_text = detail_text
        self.is_failure = is_failure
        self.is_sign_in_attempt = is_sign_in_attempt
        self.proves_password = proves_password
        self.unproven_reasons = frozenset(unproven_reasons)
        self.settles_password = settles_password
        self.shows_client = shows_client
        self._reasons = dict(reasons or {})

    def add_reasons(self, reasons: Mapping[str, Text]) -> None:
        """Add texts for reasons that another app writes. Raise `ValueError` if a reason already has a text."""
        if taken := self._reasons.keys() & reasons.keys():
            raise ValueError(f"Reasons of {str(self)!r} are registered twice: {', '.join(sorted(taken))}.")
        self._reasons.update(reasons)

    def describe_reason(self, event: SecurityEvent) -> str:
        """Return the reason of the event as text, or the stored reason if it has no text."""
        if self.reason_text is not None:
            return self.reason_text(event)
        return self.name_reason(event.reason)

    def name_reason(self, reason: str) -> str:
        """Return a reason as text, or the reason itself if it has no text."""
        return str(self._reasons.get(reason, reason))

    def reasons(self) -> list[Text]:
        """Return the texts of all reasons."""
        return list(self._reasons.values())

    def describe_detail(self, event: SecurityEvent) -> str:
        """Return the detail of the event as text, or the stored detail if the kind has no text for it."""
        return self.detail_text(event) if self.detail_text and event.detail else event.detail


_kinds: dict[str, EventKind] = {}


def register(kind: EventKind) -> EventKind:
    """Add a kind and return it. Raise `ValueError` if its name is taken, empty or too long."""
    if kind in _kinds:
        raise ValueError(f"Event kind {str(kind)!r} is registered twice.")
    if not 0 < len(kind) <= MAX_LENGTH:
        raise ValueError(f"Event kind {str(kind)!r} must have 1 to {MAX_LENGTH} characters.")
    _kinds[str(kind)] = kind
    return kind


def get_kind(name: str) -> EventKind:
    """Return the kind with that name. Raise `UnknownKind` if no app has registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"Event kind {name!r} is not registered.") from None


def find_kind(name: str) -> EventKind | None:
    """Return the kind with that name, or None. Rows of a removed app have no registered kind."""
    return _kinds.get(name)


def all_kinds() -> Iterator[EventKind]:
    """Yield the kinds in the order of registration."""
    yield from _kinds.values()


def choices() -> list[tuple[str, Text]]:
    """Return the name and the label of every kind.

    It is a callable, so that no migration lists the kinds of other apps.
    """
    return [(str(kind), kind.label) for kind in _kinds.values()]


def describe_kind(name: str) -> str:
    """Return the label of a kind, or the name if no app has registered it."""
    kind = _kinds.get(name)
    return str(kind.label) if kind else name


def describe_reason(event: SecurityEvent) -> str:
    """Return the reason of an event as text for helpdesk staff."""
    kind = _kinds.get(event.kind)
    return kind.describe_reason(event) if kind else event.reason


def describe_detail(event: SecurityEvent) -> str:
    """Return the detail of an event as text for helpdesk staff."""
    kind = _kinds.get(event.kind)
    return kind.describe_detail(event) if kind else event.detail
