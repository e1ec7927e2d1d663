"""Listeners for changes of an account's devices. Apps that act on a change register here."""

from collections.abc import Callable, Sequence

from audit.models import SecurityEvent
from sign_in.methods import Option

Listener = Callable[[SecurityEvent, Sequence[Option]], None]

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Add a listener. It gets the event and the devices that the account had before, in the same transaction."""
    _listeners.append(listener)


def notify_listeners(event: SecurityEvent, before: Sequence[Option]) -> None:
    """Call every listener. An exception of one undoes the change."""
    for listener in _listeners:
        listener(event, before)
