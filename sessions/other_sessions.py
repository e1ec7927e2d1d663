"""Owners list their sessions and end the others."""

from django.db import transaction
from django.http import HttpRequest

from accounts.models import Account
from common import browser_names
from common.client_info import ClientInfo
from sessions import events as session_events
from sessions import registry


def end_one(account: Account, session_id: str, client: ClientInfo) -> bool:
    """End one session and write the event. Return False if the account has no session with that id."""
    with transaction.atomic():
        if not registry.end(account, session_id):
            return False
        session_events.session_ended(account, client)
    return True


def end_others(request: HttpRequest, account: Account, client: ClientInfo) -> None:
    """End all other sessions of the account and all pending sign-ins, with one event."""
    with transaction.atomic():
        registry.end_others(request, account)
        session_events.sessions_ended(account, client)


def other_sessions(request: HttpRequest, account: Account) -> list[dict[str, object]]:
    """Return the open sessions of the account, the current one first, with readable browser names."""
    here = registry.current_id(request)
    sessions = [
        {"open": one, "browser": browser_names.describe_browser(one.browser), "is_this": one.id == here}
        for one in registry.open_sessions(account)
    ]
    return sorted(sessions, key=lambda session: not session["is_this"])
