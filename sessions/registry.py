"""The sessions of an account: start, list and end them. The callers write the security events."""

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import import_module
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import Account
from common.client_info import client_info_of
from common.problems import flow_expired
from sessions import endings
from sessions.models import Session
from sessions.rows import SessionTableMixin, session_data
from sessions.signed_in import KEY, Over, SignedIn, moment


@dataclass(frozen=True)
class OpenSession:
    """One session as its owner sees it. `id` may appear in pages and be posted back. It gives no access."""

    id: str
    signed_in_at: datetime
    seen_at: datetime
    address: str | None
    browser: str
    is_remembered: bool


def started(request: HttpRequest, account: Account) -> None:
    """Record that the account signed in to this session, with time, address and browser.

    The cookie ends with the browser session.
    """
    now, client = time.time(), client_info_of(request)
    signed_in = SignedIn(
        secrets.token_urlsafe(16), account.pk, now, now, client.address, client.browser, account.is_staff
    )
    request.session[KEY] = asdict(signed_in)
    request.session.set_expiry(0)


def remember(session: SessionBase) -> None:
    """Keep the session after the browser is closed.

    Sessions of accounts with admin access, and sessions that `end_at` limits, are not changed.
    """
    signed_in = SignedIn.of(session)
    if signed_in is None or signed_in.staff or signed_in.ends is not None:
        return
    signed_in = replace(signed_in, is_remembered=True)
    session[KEY] = asdict(signed_in)
    session.set_expiry(moment(signed_in.life_ends))


def end_at(session: SessionBase, end: datetime) -> None:
    """Set the latest end of the session, regardless of its use. Later calls can only shorten it."""
    signed_in = SignedIn.of(session)
    if signed_in is None:
        return
    earliest = end.timestamp() if signed_in.ends is None else min(signed_in.ends, end.timestamp())
    signed_in = replace(signed_in, ends=earliest)
    session[KEY] = asdict(signed_in)
    if signed_in.is_remembered:
        session.set_expiry(moment(signed_in.life_ends))


def over(session: SessionBase) -> Over | None:
    """Return why the session is over, or None if it is still valid or anonymous.

    SECURITY: a session without a recorded sign-in time is treated as expired.
    """
    if SESSION_KEY not in session:
        return None
    signed_in = SignedIn.of(session)
    return Over.LIFE if signed_in is None else signed_in.over(time.time())


def note_use(session: SessionBase) -> bool:
    """Record a use of the session. Return False if another request has ended or moved the session.

    The use is written only at intervals, because the limits are long enough to tolerate that.
    """
    signed_in = SignedIn.of(session)
    if signed_in is None or time.time() < signed_in.seen_again_after:
        return True
    return cast(SessionTableMixin, session).seen()


def began_as_staff(request: HttpRequest) -> bool:
    """Return whether the account had admin access when the session started. Then the limits for staff apply."""
    signed_in = SignedIn.of(request.session)
    return signed_in is not None and signed_in.staff


def current_id(request: HttpRequest) -> str:
    """Return the id of the request's session, or "" if no user is signed in."""
    signed_in = SignedIn.of(request.session)
    return signed_in.id if signed_in is not None else ""


def is_remembered(request: HttpRequest) -> bool:
    """Return whether the session stays after the browser is closed."""
    signed_in = SignedIn.of(request.session)
    return signed_in is not None and signed_in.is_remembered


def open_sessions(account: Account) -> list[OpenSession]:
    """Return the open sessions of the account, the most recently used first.

    Sessions that are past a limit, or that a new password or `end_all` ended, are omitted.
    """
    now = time.time()
    found = (_good(account, row) for row in Session.objects.filter(account=account))
    good = [signed_in for signed_in in found if signed_in is not None and signed_in.over(now) is None]
    return [
        OpenSession(one.id, moment(one.at), moment(one.seen), one.address, one.browser, one.is_remembered)
        for one in sorted(good, key=lambda one: one.seen, reverse=True)
    ]


def ends_at(request: HttpRequest) -> datetime | None:
    """Return the latest end of the request's session, regardless of its use. Return None if no user is signed in."""
    signed_in = SignedIn.of(request.session)
    return moment(signed_in.life_ends) if signed_in is not None else None


def hold(request: HttpRequest) -> bool:
    """Lock the request's session until the transaction ends. Return False if the session has already ended."""
    rows = Session.objects.select_for_update().filter(session_key=request.session.session_key)
    return bool(rows.values_list("account", flat=True).first())


def sign_out(request: HttpRequest) -> None:
    """End the request's session, or its pending sign-in."""
    mine = current_id(request)
    with transaction.atomic():
        logout(request)
        endings.notify_ended([mine] if mine else [])


def end(account: Account, session_id: str) -> bool:
    """End one session of the account at once. Return False if the account has no session with that id."""
    return bool(_delete(account.pk, lambda one, data: one.id == session_id))


def end_bound_to(account_id: int, persistent_id: str, *, kept: str = "") -> int:
    """End the sessions that are bound to a device. Return the number of deleted sessions.

    `kept` is the id of a session that continues because its owner removes or replaces the device in it.
    """
    return _delete(account_id, lambda one, data: data.get(DEVICE_ID_SESSION_KEY) == persistent_id and one.id != kept)


def end_others(request: HttpRequest, account: Account) -> int:
    """End every other session of the account and all pending sign-ins. Return the number of deleted sessions.

    The request's session gets a new key. Raise the problem `flow_expired` if another request has ended it.
    """
    mine = SignedIn.of(request.session)
    with transaction.atomic():
        locked = _lock(account)
        bound_to = request.session.get(HASH_SESSION_KEY, "")
        if mine is None or not locked.has_auth_hash(bound_to):
            raise flow_expired()
        _raise_epoch(locked, account)
        ended = _delete(account.pk, lambda one, data: one.id != mine.id)
    request.session[HASH_SESSION_KEY] = locked.get_session_auth_hash()
    request.session.cycle_key()
    return ended


def end_all(account: Account) -> int:
    """End every session of the account and all pending sign-ins. Return the number of deleted sessions.

    Listeners for accounts end what depends on sessions of which no row is left.
    """
    with transaction.atomic():
        _raise_epoch(_lock(account), account)
        return end_after_new_password(account)


def end_after_new_password(account: Account) -> int:
    """Do as `end_all` for an account that has just got a new password.

    The new password has already invalidated all sessions, so the epoch stays and known browsers stay known.
    """
    with transaction.atomic():
        ended = _delete(account.pk, lambda one, data: True)
        endings.notify_all_ended(account)
    return ended


def _lock(account: Account) -> Account:
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def _raise_epoch(locked: Account, account: Account) -> None:
    """Invalidate every session of the account, including sessions without a row and sessions that are still cached."""
    locked.session_epoch += 1
    locked.save(update_fields=["session_epoch"])
    account.session_epoch = locked.session_epoch


def _delete(account_id: int, chosen: Callable[[SignedIn, dict[str, Any]], bool]) -> int:
    """End the sessions for which `chosen` is true of their sign-in data and all their data. Return their number."""
    with transaction.atomic():
        # Lock the rows, so that no session moves to another key before it is deleted.
        rows = Session.objects.select_for_update().filter(account_id=account_id)
        ended: dict[str, str] = {}
        for row in rows:
            data = session_data(row)
            one = SignedIn.of(data)
            if one is not None and chosen(one, data):
                ended[row.session_key] = one.id
        store: type[SessionTableMixin] = import_module(settings.SESSION_ENGINE).SessionStore
        endings.notify_ended(ended.values())
        return store.end(list(ended)) if ended else 0


def _good(account: Account, row: Session) -> SignedIn | None:
    """Return the sign-in data of a session, or None if its password or epoch is outdated."""
    data = session_data(row)
    bound = account.has_auth_hash(data.get(HASH_SESSION_KEY, ""))
    return SignedIn.of(data) if bound else None
