"""Listeners for ended sessions. Expiry does not notify them."""

from collections.abc import Callable, Collection

from accounts.models import Account

Listener = Callable[[Collection[str]], None]
AccountListener = Callable[[Account], None]

_listeners: list[Listener] = []
_account_listeners: list[AccountListener] = []


def register_listener(listener: Listener) -> None:
    """Add a listener. It gets the ids of the sessions, in the transaction that ends them."""
    _listeners.append(listener)


def notify_ended(session_ids: Collection[str]) -> None:
    """Call every listener, unless the collection is empty."""
    if session_ids:
        for listener in _listeners:
            listener(session_ids)


def register_account_listener(listener: AccountListener) -> None:
    """Add a listener for the end of all sessions of an account, in the transaction that ends them."""
    _account_listeners.append(listener)


def notify_all_ended(account: Account) -> None:
    """Call every listener for accounts. `notify_ended` has been called for the sessions that had rows."""
    for listener in _account_listeners:
        listener(account)
