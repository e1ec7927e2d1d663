"""Listeners for ended sessions. Expiry does not notify them."""

from collections.abc import Callable, Collection

Listener = Callable[[Collection[str]], None]

_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """Add a listener. It gets the ids of the sessions, in the transaction that ends them."""
    _listeners.append(listener)


def notify_ended(session_ids: Collection[str]) -> None:
    """Call every listener, unless the collection is empty."""
    if session_ids:
        for listener in _listeners:
            listener(session_ids)
