"""Listeners for changes and deletions of an account's devices. Apps that act on a change register here."""

from collections.abc import Callable, Sequence

from audit.models import SecurityEvent
from sign_in.methods import Option

Listener = Callable[[SecurityEvent, Sequence[Option]], None]
RemovalListener = Callable[[int, str], None]

_listeners: list[Listener] = []
_removal_listeners: list[RemovalListener] = []


def register(listener: Listener) -> None:
    """Add a listener. It gets the event and the account's previous devices, in the transaction of the change."""
    _listeners.append(listener)


def notify_listeners(event: SecurityEvent, before: Sequence[Option]) -> None:
    """Call every listener. An exception in a listener rolls back the change."""
    for listener in _listeners:
        listener(event, before)


def register_removal(listener: RemovalListener) -> None:
    """Add a listener for deleted devices. It gets the id of the account and the persistent id of the device.

    It is called in the transaction of the deletion, for removed, replaced and reset devices.
    """
    _removal_listeners.append(listener)


def notify_removed(account_id: int, persistent_id: str) -> None:
    """Call every listener for deleted devices. An exception in a listener rolls back the change."""
    for listener in _removal_listeners:
        listener(account_id, persistent_id)
