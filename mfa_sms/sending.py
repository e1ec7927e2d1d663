"""Handles the request for a code: its challenge, its message, and the dispatch to a worker."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common import languages
from common.client_info import ClientInfo
from limits.limit import Refusal
from mfa_sms import codes, events, limits, pumping
from mfa_sms.dispatch import enqueue_code
from mfa_sms.eligibility import may_use_sms, may_verify_phone
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_sms.problems import not_allowed_by_sms
from sign_in.pending import PendingSignIn


@dataclass(frozen=True)
class Queued:
    """A message was queued at `at`. `again` is True if it repeats the code of an earlier one."""

    challenge: Challenge
    at: datetime
    again: bool


@dataclass(frozen=True)
class Wait:
    """The resend gap lasts until `until`, whichever browser requested the last message."""

    until: datetime


@dataclass(frozen=True)
class Locked:
    """The device accepts no code before `until`; None means that it must be enrolled again."""

    until: datetime | None


@dataclass(frozen=True)
class Shared:
    """The number already reached the limit of accounts per number."""


@dataclass(frozen=True)
class Blocked:
    """The prefix of the number is blocked for new numbers."""


SendOutcome = Queued | Wait | Refusal | Locked | Shared | Blocked


def browser_digest(secret: str) -> str:
    """Return the digest of the browser session's secret, to store with a challenge; empty without a secret."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def _unknown(account: Account) -> bool:
    return False


def request_code(
    device_id: int,
    purpose: Purpose,
    pending: PendingSignIn,
    client: ClientInfo,
    number: PhoneNumber | None = None,
    *,
    is_known: Callable[[Account], bool] = _unknown,
) -> SendOutcome | None:
    """Queue one message with the code of the open or a new challenge, or return what refuses it.

    Returns None if the account of the sign-in has no such device. At enrollment the device must be unconfirmed and have
    this number; otherwise it must be confirmed. `is_known` says whether the account has signed in with this browser
    before: then it has a budget of its own.

    Raises the page that says to start again if the account has changed since the password. A refusal by a limit writes
    an event. A refusal by the resend gap does not, since a double click is enough to cause one.
    """
    browser = browser_digest(pending.browser)
    with transaction.atomic():
        rows = _lock(device_id, pending.account_id or 0)
        device = _own(rows, device_id, pending.account_id)
        if device is None or device.confirmed is (purpose == Purpose.ENROLL):
            return None
        # SECURITY: another tab may have entered another number, for which a human check is required.
        if number is not None and device.number != number:
            return None
        account = pending.admit(device.user)
        if not (may_use_sms(account) if purpose == Purpose.ENROLL else may_verify_phone(pending, device)):
            raise not_allowed_by_sms()
        refused = _refuse_number(device, rows, client) if purpose == Purpose.ENROLL else None
        return refused or _ask(device, purpose, browser, client, known=is_known(device.user))


def _refuse_number(device: SmsDevice, rows: list[SmsDevice], client: ClientInfo) -> Shared | Blocked | None:
    if _is_shared_too_often(device, rows):
        events.code_not_sent(device.user, device, "shared", client)
        return Shared()
    if not device.by_agent and pumping.is_blocked(device.number):
        events.code_not_sent(device.user, device, "prefix_blocked", client)
        return Blocked()
    return None


def _open_challenge(device: SmsDevice, purpose: Purpose, recent: list[TextMessage], browser: str) -> Challenge:
    """Return the open challenge of this browser session, or a new one if it has none that is valid.

    A challenge is replaced if its number is no longer the device's, or if its key is no longer configured.
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
            # Without a browser session of ours, the open challenge may be older than the messages in `recent`.
            _replace(device, purpose, browser)
    return Challenge.objects.create(device=device, purpose=purpose, browser=browser, key_id=codes.current_key_id())


def _replace(device: SmsDevice, purpose: Purpose, browser: str) -> None:
    Challenge.objects.filter(device=device, purpose=purpose, browser=browser, outcome=Challenge.Outcome.OPEN).update(
        outcome=Challenge.Outcome.REPLACED, ended_at=timezone.now()
    )


def challenge_for_device_interface(device: SmsDevice) -> str:
    """Implement `Device.generate_challenge`: send a code outside our own pages, and return the result as text."""
    with transaction.atomic():
        locked = _own(_lock(device.pk, device.user_id), device.pk, device.user_id)
        usable = locked is not None and locked.confirmed and may_use_sms(locked.user)
        asked = _ask(locked, Purpose.SIGN_IN, "", ClientInfo(), known=False) if locked and usable else None
    device.refresh_from_db()
    if isinstance(asked, Queued):
        return _("We have sent a code by text message.")
    return _("We cannot send a code right now. Try again later.")


def _lock(device_id: int, account_id: int) -> list[SmsDevice]:
    """Lock and return the account's devices, and all devices that share the number of the given device.

    SECURITY: the resend gap is per device, and a number is on a few accounts only. Without both kinds of lock, two
    browsers or two accounts could each send a message.

    The keys come from two indexed look-ups. Every transaction locks in the order of the keys, so none waits for another
    in a circle.
    """
    own = SmsDevice.objects.filter(user_id=account_id).order_by().values("pk")
    number = SmsDevice.objects.filter(pk=device_id, user_id=account_id).values("number")
    same = SmsDevice.objects.filter(number=Subquery(number)).order_by().values("pk")
    return list(
        SmsDevice.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk__in=own.union(same))
        .order_by("pk")
    )


def _own(rows: list[SmsDevice], device_id: int, account_id: int | None) -> SmsDevice | None:
    """Return the account's device, or None.

    SECURITY: another account's device is never returned, even if it has the same number.
    """
    return next((row for row in rows if row.pk == device_id and row.user_id == account_id), None)


def _is_shared_too_often(device: SmsDevice, rows: list[SmsDevice]) -> bool:
    """Whether `SMS_ACCOUNTS_PER_NUMBER` other accounts have confirmed the number or are enrolling it."""
    alive = timezone.now() - settings.SMS_CODE_LIFE
    others = {
        row.user_id
        for row in rows
        if row.number == device.number
        and row.user_id != device.user_id
        and (row.confirmed or (row.last_generated_timestamp is not None and row.last_generated_timestamp > alive))
    }
    return len(others) >= settings.SMS_ACCOUNTS_PER_NUMBER


def _ask(device: SmsDevice, purpose: Purpose, browser: str, client: ClientInfo, *, known: bool) -> SendOutcome:
    allowed, details = device.verify_is_allowed()
    until = details["locked_until"] if details else None
    if not allowed and not (until and known):
        return Locked(until)
    allowed, details = device.generate_is_allowed()
    if not allowed and details is not None:
        return Wait(details["next_generation_at"])
    recent = limits.recent_messages(device.user_id)
    refused = limits.take_code(device, purpose, recent, client, known=known)
    if refused is not None:
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
