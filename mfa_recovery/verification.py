"""Is this one of the codes? One transaction: lock, is it allowed, compare, count, use up, write the events."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import method_events, methods, notify, sign_in
from accounts.helpdesk import cases
from accounts.models import Account
from accounts.origin import Origin
from accounts.sign_in import PendingSignIn
from mfa_recovery import codes, events, notices
from mfa_recovery.method import METHOD
from mfa_recovery.models import RecoveryCode, RecoveryDevice


class Verdict(Enum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    DISABLED = "disabled"
    NO_CODES = "no_codes"


@dataclass(frozen=True)
class Answer:
    """The verdict; the device and the unused codes where it is right, the end of a lock where one holds."""

    verdict: Verdict
    device: RecoveryDevice | None = None
    left: int = 0
    until: datetime | None = None


@sensitive_variables("code")
def answer(pending: PendingSignIn, code: str, origin: Origin) -> Answer:
    """Judge a code against the unused ones of the account whose password this flow has.

    Of two right answers at once with one code exactly one is RIGHT. Raises the page that says to start again where the
    account has changed since the password.
    """
    with transaction.atomic():
        device = (
            RecoveryDevice.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(user_id=pending.account_id, confirmed=True)
            .first()
        )
        if device is None:
            account = pending.admit(Account.objects.filter(pk=pending.account_id or 0).first())
            method_events.code_refused(account, None, Verdict.NO_CODES.value, origin)
            return Answer(Verdict.NO_CODES)
        return _judge(device, pending, code, origin)


@sensitive_variables("code")
def _judge(device: RecoveryDevice, pending: PendingSignIn, code: str, origin: Origin) -> Answer:
    account = pending.admit(device.user)
    unused = list(device.codes.filter(used_at=None).order_by("pk"))
    if not unused or not METHOD.allows(account):
        method_events.code_refused(account, device, Verdict.NO_CODES.value, origin)
        return Answer(Verdict.NO_CODES)
    allowed, details = device.verify_is_allowed()
    if not allowed:
        until = details["locked_until"] if details else None
        method_events.code_refused(account, device, Verdict.LOCKED.value, origin)
        return Answer(Verdict.LOCKED if until else Verdict.DISABLED, until=until)
    right = next((kept for kept in unused if codes.matches(code, kept.digest)), None)
    if right is None:
        return _refuse(device, origin)
    return _accept(right, len(unused) - 1, device, pending, origin)


def _accept(code: RecoveryCode, left: int, device: RecoveryDevice, pending: PendingSignIn, origin: Origin) -> Answer:
    registered = methods.devices(device.user.pk)
    code.used_at = timezone.now()
    code.save(update_fields=["used_at"])
    device.throttle_reset(commit=False)
    device.set_last_used_timestamp(commit=False)
    device.save(update_fields=["throttling_failure_timestamp", "throttling_failure_count", "last_used_at"])
    sign_in.proven(pending, device.user, device, origin)
    event = events.recovery_code_used(device.user, device, left, origin)
    notify.owner(event, notices.RECOVERY_CODE_USED, registered)
    if left == settings.RECOVERY_CODES_LOW:
        notify.owner(event, notices.RECOVERY_CODES_LOW)
    return Answer(Verdict.RIGHT, device=device, left=left)


def _refuse(device: RecoveryDevice, origin: Origin) -> Answer:
    device.throttle_increment()
    if device.disabled_at is not None:
        cases.locked(device.user, device, origin)
        return Answer(Verdict.DISABLED)
    method_events.code_refused(device.user, device, Verdict.WRONG.value, origin)
    _allowed, details = device.verify_is_allowed()
    return Answer(Verdict.WRONG, until=details["locked_until"] if details else None)
