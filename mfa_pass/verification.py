"""Is this the pass? One transaction: lock, is it alive and allowed, compare, count, use up, write the events."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import method_events, sign_in
from accounts.helpdesk import cases
from accounts.models import Account
from accounts.origin import Origin
from accounts.sign_in import PendingSignIn
from mfa_pass import codes, events
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass


class Verdict(Enum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    DISABLED = "disabled"
    GONE = "gone"


@dataclass(frozen=True)
class Answer:
    """The verdict; the pass where it is right, the end of a lock where one holds."""

    verdict: Verdict
    device: AccessPass | None = None
    until: datetime | None = None


@sensitive_variables("code")
def answer(pending: PendingSignIn, code: str, origin: Origin) -> Answer:
    """Judge a code against the pass of the account whose password this flow has.

    Of two right answers at once with a pass that works once exactly one is RIGHT. Raises the page that says to start
    again where the account has changed since the password.
    """
    with transaction.atomic():
        device = (
            AccessPass.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(user_id=pending.account_id, confirmed=True)
            .first()
        )
        if device is None:
            account = pending.admit(Account.objects.filter(pk=pending.account_id or 0).first())
            method_events.code_refused(account, None, Verdict.GONE.value, origin)
            return Answer(Verdict.GONE)
        return _judge(device, pending, code, origin)


@sensitive_variables("code")
def _judge(device: AccessPass, pending: PendingSignIn, code: str, origin: Origin) -> Answer:
    account = pending.admit(device.user)
    if not device.is_alive or not METHOD.allows(account):
        method_events.code_refused(account, device, Verdict.GONE.value, origin)
        return Answer(Verdict.GONE)
    allowed, details = device.verify_is_allowed()
    if not allowed:
        until = details["locked_until"] if details else None
        method_events.code_refused(account, device, Verdict.LOCKED.value, origin)
        return Answer(Verdict.LOCKED if until else Verdict.DISABLED, until=until)
    if not codes.matches(code, device.digest):
        return _refuse(device, origin)
    return _accept(device, pending, origin)


def _accept(device: AccessPass, pending: PendingSignIn, origin: Origin) -> Answer:
    device.used_at = timezone.now()
    device.throttle_reset(commit=False)
    device.set_last_used_timestamp(commit=False)
    device.save(update_fields=["throttling_failure_timestamp", "throttling_failure_count", "last_used_at", "used_at"])
    sign_in.proven(pending, device.user, device, origin)
    events.pass_used(device.user, device, origin)
    return Answer(Verdict.RIGHT, device=device)


def _refuse(device: AccessPass, origin: Origin) -> Answer:
    device.throttle_increment()
    if device.disabled_at is not None:
        cases.locked(device.user, device, origin)
        return Answer(Verdict.DISABLED)
    method_events.code_refused(device.user, device, Verdict.WRONG.value, origin)
    _allowed, details = device.verify_is_allowed()
    return Answer(Verdict.WRONG, until=details["locked_until"] if details else None)
