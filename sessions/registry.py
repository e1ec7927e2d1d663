"""The sessions of an account: begun, listed, ended. Events are the callers' to write."""

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import import_module
from typing import cast

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import Account
from common.client_info import client_info_of
from common.problems import flow_expired
from sessions import endings
from sessions.models import Session
from sessions.rows import InOurTable, holdings
from sessions.signed_in import KEY, Over, SignedIn, moment


@dataclass(frozen=True)
class OpenSession:
    """One session as its owner sees it. `id` may stand in a page and be posted back; it opens nothing."""

    id: str
    signed_in_at: datetime
    seen_at: datetime
    address: str | None
    browser: str
    is_remembered: bool


def started(request: HttpRequest, account: Account) -> None:
    """Note that the session has become the account's, now and from here. Its cookie ends with the browser."""
    now, client = time.time(), client_info_of(request)
    signed_in = SignedIn(
        secrets.token_urlsafe(16), account.pk, now, now, client.address, client.browser, account.is_staff
    )
    request.session[KEY] = asdict(signed_in)
    request.session.set_expiry(0)


def remember(session: SessionBase) -> None:
    """Let the session outlive the browser.

    Nothing happens to one of an account with access to the admin, and to one that `end_at` ends.
    """
    signed_in = SignedIn.of(session)
    if signed_in is None or signed_in.staff or signed_in.ends is not None:
        return
    signed_in = replace(signed_in, is_remembered=True)
    session[KEY] = asdict(signed_in)
    session.set_expiry(moment(signed_in.life_ends))


def end_at(session: SessionBase, end: datetime) -> None:
    """Have the session be over by then, however much it is used. Nothing puts that off, neither a later `end`."""
    signed_in = SignedIn.of(session)
    if signed_in is None:
        return
    earliest = end.timestamp() if signed_in.ends is None else min(signed_in.ends, end.timestamp())
    signed_in = replace(signed_in, ends=earliest)
    session[KEY] = asdict(signed_in)
    if signed_in.is_remembered:
        session.set_expiry(moment(signed_in.life_ends))


def over(session: SessionBase) -> Over | None:
    """Return why the session is over, or None for one that goes on and one that nobody is signed in to.

    SECURITY: who is signed in without our knowing since when is signed in no longer.
    """
    if SESSION_KEY not in session:
        return None
    signed_in = SignedIn.of(session)
    return Over.LIFE if signed_in is None else signed_in.over(time.time())


def note_use(session: SessionBase) -> bool:
    """Count what happens now as use of the session; False where another request has ended or moved it meanwhile.

    Written now and then only: limits of half an hour and more do not need each request.
    """
    signed_in = SignedIn.of(session)
    if signed_in is None or time.time() < signed_in.seen_again_after:
        return True
    return cast(InOurTable, session).seen()


def began_as_staff(request: HttpRequest) -> bool:
    """Whether the account had access to the admin when the session began, so that the limits of staff hold for it."""
    signed_in = SignedIn.of(request.session)
    return signed_in is not None and signed_in.staff


def current_id(request: HttpRequest) -> str:
    """Return the id of the request's own session, empty where nobody is signed in."""
    signed_in = SignedIn.of(request.session)
    return signed_in.id if signed_in is not None else ""


def open_sessions(account: Account) -> list[OpenSession]:
    """Return where the account is signed in, last used first.

    Without those that are past a limit, and those that a new password or `end_all` has ended.
    """
    now = time.time()
    found = (_good(account, row) for row in Session.objects.filter(account=account))
    good = [signed_in for signed_in in found if signed_in is not None and signed_in.over(now) is None]
    return [
        OpenSession(one.id, moment(one.at), moment(one.seen), one.address, one.browser, one.is_remembered)
        for one in sorted(good, key=lambda one: one.seen, reverse=True)
    ]


def ends_at(request: HttpRequest) -> datetime | None:
    """Return when the request's own session is over, however much it is used; None where nobody is signed in."""
    signed_in = SignedIn.of(request.session)
    return moment(signed_in.life_ends) if signed_in is not None else None


def hold(request: HttpRequest) -> bool:
    """Keep the request's own session from ending before the transaction does; False where it has ended meanwhile."""
    rows = Session.objects.select_for_update().filter(session_key=request.session.session_key)
    return bool(rows.values_list("account", flat=True).first())


def sign_out(request: HttpRequest) -> None:
    """End the request's own session, or the sign-in that was begun."""
    mine = current_id(request)
    with transaction.atomic():
        logout(request)
        endings.notify_ended([mine] if mine else [])


def end(account: Account, session_id: str) -> bool:
    """End one session of the account at once; False where there is none of that id."""
    return bool(_delete(account, lambda one: one.id == session_id))


def end_others(request: HttpRequest, account: Account) -> int:
    """End every other session of the account and every sign-in it has begun; return how many sessions were deleted.

    The request's own session gets a new key. Raises the page that says to start again where it was ended meanwhile.
    """
    mine = SignedIn.of(request.session)
    with transaction.atomic():
        locked = _lock(account)
        bound_to = request.session.get(HASH_SESSION_KEY, "")
        if mine is None or not constant_time_compare(bound_to, locked.get_session_auth_hash()):
            raise flow_expired()
        _raise_epoch(locked, account)
        ended = _delete(account, lambda one: one.id != mine.id)
    request.session[HASH_SESSION_KEY] = locked.get_session_auth_hash()
    request.session.cycle_key()
    return ended


def end_all(account: Account) -> int:
    """End every session of the account and every sign-in it has begun; return how many sessions were deleted."""
    with transaction.atomic():
        _raise_epoch(_lock(account), account)
        return _delete(account, lambda one: True)


def _lock(account: Account) -> Account:
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def _raise_epoch(locked: Account, account: Account) -> None:
    """End what is bound to the account as it was: also what no row tells of, and what the cache still holds."""
    locked.session_epoch += 1
    locked.save(update_fields=["session_epoch"])
    account.session_epoch = locked.session_epoch


def _delete(account: Account, chosen: Callable[[SignedIn], bool]) -> int:
    with transaction.atomic():
        # Locked, so that none is moved to another key between being found and being deleted.
        rows = Session.objects.select_for_update().filter(account=account)
        signed_in = [(row.session_key, SignedIn.of(holdings(row))) for row in rows]
        ended = {key: one.id for key, one in signed_in if one is not None and chosen(one)}
        store: type[InOurTable] = import_module(settings.SESSION_ENGINE).SessionStore
        endings.notify_ended(ended.values())
        return store.end(list(ended)) if ended else 0


def _good(account: Account, row: Session) -> SignedIn | None:
    """Return the sign-in of a session that is still bound to the account as it is."""
    data = holdings(row)
    hashes = (account.get_session_auth_hash(), *account.get_session_auth_fallback_hash())
    bound = any(constant_time_compare(data.get(HASH_SESSION_KEY, ""), good) for good in hashes)
    return SignedIn.of(data) if bound else None
