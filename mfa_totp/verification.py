"""Is this the code? One transaction: lock, is it allowed, compare, count, consume, write the event."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import method_events, sign_in, throttle
from accounts.helpdesk import cases
from accounts.origin import Origin
from accounts.problems import not_allowed
from accounts.sign_in import PendingSignIn
from mfa_totp.matching import matched
from mfa_totp.method import METHOD

_DEVICE = re.compile(r"\Aotp_totp\.totpdevice/(\d{1,18})\Z", re.ASCII)


class Verdict(Enum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Answer:
    """The verdict, the device, and when the next code may be compared, where that is not at once."""

    verdict: Verdict
    device: TOTPDevice
    until: datetime | None = None


def chosen(pending: PendingSignIn, device: str) -> TOTPDevice | None:
    """Return the device of the account with that `persistent_id`; another account's is no device.

    Raises the page that says to start again where the account has changed since the password.
    """
    return _admitted(pending, device, TOTPDevice.objects.all())


def barred(device: TOTPDevice) -> Answer | None:
    """Return why no code of the device may be compared now: LOCKED, or DISABLED for good. None: one may."""
    if throttle.is_disabled(device.throttling_failure_count):
        return Answer(Verdict.DISABLED, device)
    until = _locked_until(device)
    return Answer(Verdict.LOCKED, device, until) if until else None


@sensitive_variables("code", "device")
def answer(pending: PendingSignIn, device_id: str, code: str, origin: Origin) -> Answer | None:
    """Judge six digits against the app that was chosen. None where the account has no such device.

    A code is right once, and none of an earlier step is right after it (RFC 6238, section 5.2). Of two right answers at
    once exactly one is RIGHT; the other is USED.
    """
    with transaction.atomic():
        device = _admitted(pending, device_id, TOTPDevice.objects.select_for_update(of=("self",)))
        if device is None:
            return None
        refused = barred(device)
        if refused is not None:
            method_events.code_refused(device.user, device, Verdict.LOCKED.value, origin)
            return refused
        if device.verify_token(code):
            sign_in.proven(pending, device.user, device, origin)
            return Answer(Verdict.RIGHT, device)
        return _refuse(device, code, origin)


def _admitted(pending: PendingSignIn, device_id: str, devices: QuerySet[TOTPDevice]) -> TOTPDevice | None:
    found = _DEVICE.match(device_id)
    if found is None:
        return None
    own = devices.select_related("user").filter(pk=int(found[1]), user_id=pending.account_id or 0, confirmed=True)
    device: TOTPDevice | None = own.first()
    if device is not None and not METHOD.allows(pending.admit(device.user)):
        raise not_allowed()
    return device


@sensitive_variables("code", "device")
def _refuse(device: TOTPDevice, code: str, origin: Origin) -> Answer:
    """Say what is wrong with a code that `verify_token` has refused, and counted."""
    if throttle.is_disabled(device.throttling_failure_count):
        cases.locked(device.user, device, origin)
        return Answer(Verdict.DISABLED, device)
    verdict = Verdict.USED if matched(device, code) else Verdict.WRONG
    method_events.code_refused(device.user, device, verdict.value, origin)
    return Answer(verdict, device, _locked_until(device))


def _locked_until(device: TOTPDevice) -> datetime | None:
    until = throttle.locked_until(device.throttling_failure_count, device.throttling_failure_timestamp)
    return until if until and until > timezone.now() else None
