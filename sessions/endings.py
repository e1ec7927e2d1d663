"""Who wants to know that somebody ended a session. Apps register; a session that only grows too old tells nobody."""

from collections.abc import Callable, Collection

Listener = Callable[[Collection[str]], None]

_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """Add a listener: takes the ids of the sessions that end, in the transaction that ends them."""
    _listeners.append(listener)


def notify_ended(session_ids: Collection[str]) -> None:
    """Call every listener, unless nothing has ended."""
    if session_ids:
        for listener in _listeners:
            listener(session_ids)
