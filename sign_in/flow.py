"""The sign-in pipeline: account name, password, second factor, remember me.

The session is anonymous until the last step. One small dataclass in the session keeps the state of the flow. So a
password alone gives access only to enrollment and verification.
"""

import secrets
import time
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import login as auth_login
from django.http import HttpRequest
from django_otp import login as otp_login
from django_otp.models import Device

from accounts import language
from accounts.account_names import AccountName
from accounts.models import Account
from common import safe_redirect
from common.client_info import ClientInfo
from common.problems import Problem, flow_expired
from common.references import log_account
from sessions import registry
from sign_in import events, external_mfa, journeys, known_browsers, methods, step_up
from sign_in.pending import FlowPurpose, PendingSignIn, enrolling_digest
from sign_in.problems import already_signed_in, begun_elsewhere

_PENDING = "pending_sign_in"


def begin(request: HttpRequest, name: AccountName, next_url: str) -> None:
    """Start a sign-in with an account name, known or unknown.

    Replaces any other sign-in of this browser session to the same destination. Flushes a session whose account or
    device is no longer valid. Without `next_url`, the sign-in leads to the destination of the current journey.
    """
    destination = safe_redirect.safe_redirect_url(request, next_url) or journeys.destination_of(request)
    if is_signed_in(request):
        request.session.flush()
    journeys.open_journey(request, destination)
    _store(request, PendingSignIn(str(name), time.time(), destination))


def password_accepted(request: HttpRequest, pending: PendingSignIn, account: Account) -> None:
    """Remember that the password was correct. Rotates the session key (ASVS 7.2.4)."""
    request.session.cycle_key()
    language.on_password(request, account)
    _store(
        request,
        replace(
            pending,
            account_id=account.pk,
            auth_hash=account.get_session_auth_hash(),
            browser=_secret_of_other_tab(request, account) or secrets.token_urlsafe(24),
            known_browser=known_browsers.is_known(request, account),
        ),
    )


def _secret_of_other_tab(request: HttpRequest, account: Account) -> str:
    """Return the secret of a sign-in as the account in another tab of this browser session, or an empty string.

    So a code that one tab requested can be entered in the other. No second message has to be sent.
    """
    for key, state in request.session.items():
        if (
            key.startswith(_PENDING)
            and state.get("purpose") == FlowPurpose.SIGN_IN
            and state.get("account_id") == account.pk
            and account.has_auth_hash(state.get("auth_hash", ""))
        ):
            return str(state["browser"])
    return ""


def begin_external_mfa(
    request: HttpRequest, account: Account, relying_party: str, attempt: str, ends_at: float
) -> None:
    """Start a flow for a relying party that has checked the account's password. Replaces any other flow.

    SECURITY: a user who is signed in here stays signed in, but that session has no effect on the flow. Every page of
    the flow takes the account from the flow, never from the session.
    """
    _begin(request, account, FlowPurpose.EXTERNAL_MFA, relying_party=relying_party, attempt=attempt, ends_at=ends_at)


def begin_signed_in(request: HttpRequest, account: Account, purpose: FlowPurpose, **fields: Any) -> None:
    """Start a flow of a signed-in user. `fields` are those of `PendingSignIn`. Replaces any other flow."""
    _begin(request, account, purpose, **fields)


def _begin(request: HttpRequest, account: Account, purpose: FlowPurpose, **fields: Any) -> None:
    language.on_flow(request, account)
    _store(
        request,
        PendingSignIn(
            str(account.account_name),
            time.time(),
            account_id=account.pk,
            auth_hash=account.get_session_auth_hash(),
            browser=secrets.token_urlsafe(24),
            known_browser=known_browsers.is_known(request, account),
            purpose=purpose,
            **fields,
        ),
    )


def begin_adding(
    request: HttpRequest, account: Account, proven_at: float, replaces: str = "", next_url: str = ""
) -> None:
    """Start a flow in which a signed-in user enrolls a device.

    `proven_at` is when the user last verified a second factor, in seconds since the epoch. `replaces` is the persistent
    id of the device to replace, or empty. `next_url` is a safe URL to go to afterwards, or empty.
    """
    begin_signed_in(
        request,
        account,
        FlowPurpose.ADD,
        next=next_url,
        proven_at=proven_at,
        replaces=replaces,
        session_id=registry.current_id(request),
    )


def enrolling(request: HttpRequest, pending: PendingSignIn, what: str) -> PendingSignIn:
    """Remember that this browser entered this value to enroll. No other browser can confirm it."""
    pending = replace(pending, enrolling=enrolling_digest(what))
    _store(request, pending)
    return pending


def device_enrolled(request: HttpRequest, pending: PendingSignIn, device: Device) -> None:
    """Remember that a device was enrolled in this flow.

    If the user is signed in, binds the session to the new device and rotates its key (ASVS 7.2.4). The new device may
    have replaced the one that the session was bound to. Its first code counts as a verification: otherwise the next
    page would ask for the code that was just used.
    """
    _store(request, replace(pending, enrolled_device=device.persistent_id))
    if pending.purpose == FlowPurpose.ADD:
        otp_login(request, device)
        step_up.remember_factor(request, device)
        request.session.cycle_key()


def verifying(request: HttpRequest, pending: PendingSignIn, device: Device) -> None:
    """Remember which device was chosen, so that no URL has to name it (ASVS 14.2.1)."""
    _store(request, replace(pending, verifying=device.persistent_id))


def open_enrollment(request: HttpRequest, pending: PendingSignIn, device: Device) -> None:
    """Remember that a device of a forbidden method was verified, so that its owner may enroll another method.

    Rotates the session key (ASVS 7.2.4). The session stays anonymous.
    """
    request.session.cycle_key()
    _store(request, replace(pending, opened_by=device.persistent_id, proven_at=time.time()))


def lead_to(request: HttpRequest, pending: PendingSignIn, next_url: str) -> None:
    """Change the URL to which the flow leads at its end."""
    _store(request, replace(pending, next=next_url))


def proven(pending: PendingSignIn, account: Account, device: Device, client: ClientInfo) -> None:
    """Write the event of a correct second factor. Call it in the transaction that verified the code.

    A device of a forbidden method signs no one in. It only opens enrollment.
    """
    method = methods.of_device(device)
    if method is not None and not method.allows(account):
        events.enrollment_opened(account, device, client)
        return
    if pending.purpose == FlowPurpose.EXTERNAL_MFA:
        events.external_mfa_completed(account, device, pending.relying_party, client)
        return
    write = events.signed_in if pending.purpose == FlowPurpose.SIGN_IN else events.stepped_up
    write(account, device, client)


def current_flow(request: HttpRequest) -> PendingSignIn | None:
    """Return the sign-in that this browser session has begun, or None.

    Raises the page to start again if the flow is older than `PENDING_SIGN_IN_LIFE`, or if a signed-in user's device is
    gone. Raises the relying party's `expired` page if its deadline has passed.
    """
    key = _key(request)
    pending = stored_flow(request)
    if pending is None:
        if request.session.pop(key, None) is not None:  # stored by a version with other fields
            raise flow_expired()
        return None
    if pending.relying_party and time.time() >= pending.ends_at:
        raise external_mfa.relying_party_of(pending).expired(pending)
    if time.time() - pending.started_at > settings.PENDING_SIGN_IN_LIFE.total_seconds():
        raise flow_expired()
    if not pending.by_password and getattr(request.user, "otp_device", None) is None:
        raise flow_expired()
    log_account(pending.account_id)
    return pending


def stored_flow(request: HttpRequest) -> PendingSignIn | None:
    """Return the flow that the session keeps for this journey, even if it has expired. None if it cannot be read."""
    state = request.session.get(_key(request))
    try:
        return PendingSignIn(**state) if state is not None else None
    except TypeError:
        return None


def peek_flow(request: HttpRequest) -> PendingSignIn | None:
    """Return the flow for display only, or None if `current_flow` raises. The pages of the flow report the problem."""
    try:
        return current_flow(request)
    except Problem:
        return None


def is_signed_in(request: HttpRequest) -> bool:
    """Return whether the session names an account. Does not load the account or check that it is still valid."""
    return SESSION_KEY in request.session


def after_password(request: HttpRequest) -> PendingSignIn | None:
    """Return the flow if its password was correct. Return None on a GET without such a flow.

    Raises `already_signed_in` if the user is signed in and has no flow. For a POST, raises `begun_elsewhere` if another
    window has begun the flow again, and `flow_expired` if the session has no flow.
    """
    pending = current_flow(request)
    if pending is not None and pending.password_done:
        return pending
    if pending is None and is_signed_in(request):
        raise already_signed_in()
    if request.method == "POST":
        raise begun_elsewhere() if pending is not None else flow_expired()
    return None


def leave_flow(request: HttpRequest) -> None:
    """Delete the flow of this browser session, if any."""
    request.session.pop(_key(request), None)


def complete(request: HttpRequest, pending: PendingSignIn, account: Account, device: Device) -> None:
    """Sign in with two factors. Rotates the session key, deletes the pending state and leaves the journey.

    The caller has verified the device and written the event.
    """
    del request.session[_key(request)]
    journeys.enter(request, "")
    auth_login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    registry.started(request, account)
    bind_session(request, device, with_password=True)


def bind_session(request: HttpRequest, device: Device, *, with_password: bool = False) -> None:
    """Bind the session of a signed-in user to a device that was just verified.

    `with_password` is whether the same flow has verified the password. Rotates the session key (ASVS 7.2.4). If the
    device expires, the session expires with it.
    """
    otp_login(request, device)
    step_up.remember_factor(request, device, with_password=with_password)
    ends = methods.expires_at(device)
    if ends is not None:
        registry.end_at(request.session, ends)
    # SECURITY: `django_otp.login` does not rotate the key. `auth_login` does so only if no user was signed in.
    request.session.cycle_key()


def _key(request: HttpRequest) -> str:
    """Return where the session keeps the flow of the request's journey."""
    handle = journeys.current(request)
    return f"{_PENDING}:{handle}" if handle else _PENDING


def _store(request: HttpRequest, pending: PendingSignIn) -> None:
    request.session[_key(request)] = asdict(pending)
    log_account(pending.account_id)
