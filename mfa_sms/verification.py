"""Is this the code? One transaction: lock, is it allowed, compare in constant time, count, consume, write the event."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import transaction

from accounts import enrollment, method_events, sign_in, sign_in_events, typed_codes
from accounts.helpdesk import cases
from accounts.models import Account
from accounts.origin import Origin
from accounts.sign_in import PendingSignIn
from mfa_sms import codes
from mfa_sms.eligibility import may_use_sms
from mfa_sms.models import Challenge, Purpose, SmsDevice
from mfa_sms.problems import not_allowed_by_sms
from mfa_sms.sending import browser_digest


class Verdict(Enum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Answer:
    """The verdict; the device where it is right, the tries that are left where it is wrong, the end of a lock."""

    verdict: Verdict
    device: SmsDevice | None = None
    tries_left: int = 0
    until: datetime | None = None


def answer(pending: PendingSignIn, purpose: Purpose, code: str, origin: Origin) -> Answer:
    """Judge six digits against the challenge that this browser session has open for the purpose.

    A right code at enrollment confirms the device. Of two right answers at once exactly one is RIGHT, the other finds
    no open challenge and is EXPIRED. Raises the page that says to start again where the account has changed since the
    password.
    """
    with transaction.atomic():
        if purpose == Purpose.ENROLL:
            enrollment.may_enroll(pending, "mfa_sms", locked=True)
        challenge = _lock(browser_digest(pending.browser), purpose, user_id=pending.account_id)
        if challenge is None:
            account = pending.admit(Account.objects.filter(pk=pending.account_id or 0).first())
            method_events.code_refused(account, None, "no_challenge", origin)
            return Answer(Verdict.EXPIRED)
        if not may_use_sms(pending.admit(challenge.device.user)):
            raise not_allowed_by_sms()
        return _judge(challenge, pending, code, origin)


def answer_by_interface(device: SmsDevice, token: Any) -> bool:
    """Do what `Device.verify_token` promises, for the challenge of `generate_challenge`. Never raises."""
    code = typed_codes.read(token)
    if code is None:
        return False
    with transaction.atomic():
        challenge = _lock("", Purpose.SIGN_IN, pk=device.pk)
        usable = challenge is not None and may_use_sms(challenge.device.user)
        right = challenge is not None and usable and _judge(challenge, None, code, Origin()).verdict is Verdict.RIGHT
    device.refresh_from_db()
    return right


def _lock(browser: str, purpose: Purpose, **device: Any) -> Challenge | None:
    """Lock the open challenge and its device, in one query.

    The device first, as everywhere: whoever locks both in another order waits for another who waits for it.
    """
    return (
        Challenge.objects.select_for_update(of=("device", "self"))
        .select_related("device__user")
        .filter(
            browser=browser,
            purpose=purpose,
            outcome=Challenge.Outcome.OPEN,
            device__confirmed=purpose != Purpose.ENROLL,
            **{f"device__{field}": value for field, value in device.items()},
        )
        .order_by("-created_at")
        .first()
    )


def _judge(challenge: Challenge, pending: PendingSignIn | None, code: str, origin: Origin) -> Answer:
    device = challenge.device
    account = device.user
    if challenge.is_expired or codes.derive(challenge) is None:
        method_events.code_refused(account, device, Verdict.EXPIRED.value, origin)
        return Answer(Verdict.EXPIRED)
    allowed, details = device.verify_is_allowed()
    if not allowed:
        until = details["locked_until"] if details else None
        method_events.code_refused(account, device, Verdict.LOCKED.value, origin)
        return Answer(Verdict.LOCKED if until else Verdict.DISABLED, until=until)
    if codes.matches(challenge, code):
        return _accept(challenge, pending, origin)
    return _refuse(challenge, origin)


def _accept(challenge: Challenge, pending: PendingSignIn | None, origin: Origin) -> Answer:
    device = challenge.device
    challenge.end(Challenge.Outcome.RIGHT)
    challenge.save(update_fields=["outcome", "ended_at"])
    device.throttle_reset(commit=False)
    device.cooldown_reset(commit=False)
    device.set_last_used_timestamp(commit=False)
    device.confirmed = True
    device.save(
        update_fields=[
            "throttling_failure_timestamp",
            "throttling_failure_count",
            "unanswered_messages",
            "last_generated_timestamp",
            "last_used_at",
            "confirmed",
        ]
    )
    if pending is None:
        sign_in_events.signed_in(device.user, device, origin)
    elif challenge.purpose == Purpose.ENROLL:
        enrollment.confirmed(pending, device, origin)
    else:
        sign_in.proven(pending, device.user, device, origin)
    return Answer(Verdict.RIGHT, device=device)


def _refuse(challenge: Challenge, origin: Origin) -> Answer:
    device = challenge.device
    challenge.failures += 1
    if not challenge.tries_left:
        challenge.end(Challenge.Outcome.EXHAUSTED)
    challenge.save(update_fields=["failures", "outcome", "ended_at"])
    device.throttle_increment()
    if device.disabled_at is not None:
        cases.locked(device.user, device, origin)
        return Answer(Verdict.DISABLED)
    verdict = Verdict.WRONG if challenge.tries_left else Verdict.EXHAUSTED
    method_events.code_refused(device.user, device, verdict.value, origin)
    _allowed, details = device.verify_is_allowed()
    return Answer(verdict, tries_left=challenge.tries_left, until=details["locked_until"] if details else None)
