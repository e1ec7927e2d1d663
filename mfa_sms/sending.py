"""A code is asked for: its challenge, its message, and the dispatch to the worker."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from common import languages
from common.client_info import ClientInfo
from mfa_sms import codes, events, limits
from mfa_sms.dispatch import enqueue_code
from mfa_sms.eligibility import may_use_sms
from mfa_sms.limits import Limit, LimitReached
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_sms.problems import not_allowed_by_sms
from sign_in.pending import PendingSignIn


@dataclass(frozen=True)
class Queued:
    """A message was queued at `at`; `again` where it repeats the code of an earlier one."""

    challenge: Challenge
    at: datetime
    again: bool


@dataclass(frozen=True)
class Locked:
    """No code of this device would be compared before `until`; None: not before it is enrolled again."""

    until: datetime | None


@dataclass(frozen=True)
class Shared:
    """The number is on as many accounts as one may be on."""


SendOutcome = Queued | LimitReached | Locked | Shared


def browser_digest(secret: str) -> str:
    """Return what a challenge keeps of the browser session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def request_code(
    device_id: int, purpose: Purpose, pending: PendingSignIn, client: ClientInfo, number: PhoneNumber | None = None
) -> SendOutcome | None:
    """Queue one message with the code of the open challenge, or of a new one; or say what refuses it.

    None where the account of the sign-in has no such device: unconfirmed and of this number at enrollment, confirmed
    otherwise. Raises the page that says to start again where the account has changed since the password. A refusal by
    a quota is an event; one by the wait between two messages is not, since it is what a second click meets.
    """
    browser = browser_digest(pending.browser)
    with transaction.atomic():
        rows = _lock(device_id, pending.account_id or 0)
        device = _own(rows, device_id, pending.account_id)
        if device is None or device.confirmed is (purpose == Purpose.ENROLL):
            return None
        # SECURITY: another tab may have entered another number, one that a human check stands before.
        if number is not None and device.number != number:
            return None
        if not may_use_sms(pending.admit(device.user)):
            raise not_allowed_by_sms()
        if purpose == Purpose.ENROLL and _is_shared_too_often(device, rows):
            events.code_not_sent(device.user, device, "shared", client)
            return Shared()
        return _ask(device, purpose, browser, client)


def _open_challenge(device: SmsDevice, purpose: Purpose, recent: list[TextMessage], browser: str) -> Challenge:
    """Return the challenge that this browser session has open, or a new one where there is none that still lives.

    One whose number is no longer the device's, or whose key is no longer configured, is replaced.
    """
    for message in recent:
        challenge = message.challenge
        if challenge is None or (challenge.device_id, challenge.purpose, challenge.browser) != (
            device.pk,
            purpose,
            browser,
        ):
            continue
        challenge.device = device
        lives = challenge.outcome == Challenge.Outcome.OPEN and not challenge.is_expired
        if lives and message.number == device.number and codes.derive(challenge) is not None:
            return challenge
        _replace(device, purpose, browser)
        break
    else:
        if not browser:
            # Outside a browser session of ours a challenge may be older than the messages that were read.
            _replace(device, purpose, browser)
    return Challenge.objects.create(device=device, purpose=purpose, browser=browser, key_id=codes.current_key_id())


def _replace(device: SmsDevice, purpose: Purpose, browser: str) -> None:
    Challenge.objects.filter(device=device, purpose=purpose, browser=browser, outcome=Challenge.Outcome.OPEN).update(
        outcome=Challenge.Outcome.REPLACED, ended_at=timezone.now()
    )


def challenge_by_interface(device: SmsDevice) -> str:
    """Do what `Device.generate_challenge` promises: send a code outside our own pages, and say so in words."""
    with transaction.atomic():
        locked = _own(_lock(device.pk, device.user_id), device.pk, device.user_id)
        usable = locked is not None and locked.confirmed and may_use_sms(locked.user)
        asked = _ask(locked, Purpose.SIGN_IN, "", ClientInfo()) if locked and usable else None
    device.refresh_from_db()
    if isinstance(asked, Queued):
        return _("We have sent a code by text message.")
    return _("We cannot send a code right now. Try again later.")


def _lock(device_id: int, account_id: int) -> list[SmsDevice]:
    """Lock and return every device of the account, and every device with the number of the account's device.

    SECURITY: the quotas are per account and per number; without both kinds of lock, two browsers or two accounts could
    each send the last message that is allowed.
    """
    number = SmsDevice.objects.filter(pk=device_id, user_id=account_id).values("number")
    return list(
        SmsDevice.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(Q(user_id=account_id) | Q(number__in=number))
        .order_by("pk")
    )


def _own(rows: list[SmsDevice], device_id: int, account_id: int | None) -> SmsDevice | None:
    """SECURITY: another account's device is no device at all, also where it has the same number."""
    return next((row for row in rows if row.pk == device_id and row.user_id == account_id), None)


def _is_shared_too_often(device: SmsDevice, rows: list[SmsDevice]) -> bool:
    """Whether the number is on `SMS_ACCOUNTS_PER_NUMBER` other accounts, or about to be proven there."""
    alive = timezone.now() - settings.SMS_CODE_LIFE
    others = {
        row.user_id
        for row in rows
        if row.number == device.number
        and row.user_id != device.user_id
        and (row.confirmed or (row.last_generated_timestamp is not None and row.last_generated_timestamp > alive))
    }
    return len(others) >= settings.SMS_ACCOUNTS_PER_NUMBER


def _ask(device: SmsDevice, purpose: Purpose, browser: str, client: ClientInfo) -> SendOutcome:
    allowed, details = device.verify_is_allowed()
    if not allowed:
        return Locked(details["locked_until"] if details else None)
    recent = limits.recent_messages(device)
    refused = limits.find_limit(device, recent)
    if refused is not None:
        if refused.limit is not Limit.WAIT:
            events.code_not_sent(device.user, device, refused.limit.value, client)
        return refused
    challenge = _open_challenge(device, purpose, recent, browser)
    again = any(message.challenge_id == challenge.pk for message in recent)
    message = TextMessage.objects.create(
        account_id=device.user_id,
        device=device,
        challenge=challenge,
        purpose=purpose,
        number=device.number,
        language=languages.current(),
        expires_at=challenge.expires_at,
    )
    device.count_message()
    device.save(update_fields=["last_generated_timestamp", "unanswered_messages"])
    transaction.on_commit(lambda: enqueue_code(message.pk))
    return Queued(challenge, message.created_at, again)
