"""Owners end their other sessions."""

from django.db import transaction
from django.http import HttpRequest

from accounts.models import Account
from common import browser_names
from common.client_info import ClientInfo
from sessions import events as session_events
from sessions import registry


def end_one(account: Account, session_id: str, client: ClientInfo) -> bool:
    """End one session with its event; False where there is none of that id, any more or of this account."""
    with transaction.atomic():
        if not registry.end(account, session_id):
            return False
        session_events.session_ended(account, client)
    return True


def end_others(request: HttpRequest, account: Account, client: ClientInfo) -> None:
    """End every session but the request's, and every sign-in that was begun, with one event."""
    with transaction.atomic():
        registry.end_others(request, account)
        session_events.sessions_ended(account, client)


def other_sessions(request: HttpRequest, account: Account) -> list[dict[str, object]]:
    """Return where the account is signed in, this session first, with browsers in words."""
    here = registry.current_id(request)
    sessions = [
        {"open": one, "browser": browser_names.describe_browser(one.browser), "is_this": one.id == here}
        for one in registry.open_sessions(account)
    ]
    return sorted(sessions, key=lambda session: not session["is_this"])
