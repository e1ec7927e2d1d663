"""Listeners for changes of an account's devices. Apps that act on a change register here."""

from collections.abc import Callable, Sequence

from audit.models import SecurityEvent
from sign_in.methods import Option

Listener = Callable[[SecurityEvent, Sequence[Option]], None]

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Add a listener. It gets the event and the account's previous devices, in the transaction of the change."""
    _listeners.append(listener)


def notify_listeners(event: SecurityEvent, before: Sequence[Option]) -> None:
    """Call every listener. An exception in a listener rolls back the change."""
    for listener in _listeners:
        listener(event, before)
