"""Helpers that several tests of the SMS factor share."""

import secrets
import time
from datetime import timedelta
from typing import Any

from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from mfa_sms import codes, sending
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_sms.verification import SmsVerification
from sign_in import pending
from sign_in.pending import PendingSignIn
from sign_in.verification import CodeResult

START = "2026-09-01T08:00:00Z"


class Clock:
    """A clock that is frozen until a test moves it."""

    def __init__(self, machine: TimeMachineFixture) -> None:
        self._machine = machine
        machine.move_to(START, tick=False)

    def forward(self, seconds: float = 0, **more: float) -> None:
        """Advance the clock. Keywords are those of `timedelta`."""
        self._machine.shift(timedelta(seconds=seconds, **more))


def pending_of(account: Account, browser: str = "this-browser") -> PendingSignIn:
    """Return the state of a browser session after the correct password."""
    return pending.PendingSignIn(
        str(account.account_name),
        time.time(),
        account_id=account.pk,
        auth_hash=account.get_session_auth_hash(),
        browser=browser,
    )


def ask(
    device: SmsDevice, purpose: Purpose = Purpose.SIGN_IN, browser: str = "this-browser"
) -> sending.SendOutcome | None:
    """Request a code in that browser session."""
    return sending.request_code(device.pk, purpose, pending_of(device.user, browser), ClientInfo())


def asked(device: SmsDevice, purpose: Purpose = Purpose.SIGN_IN, browser: str = "this-browser") -> Challenge:
    """Request a code and return its challenge."""
    queued = ask(device, purpose, browser)
    assert isinstance(queued, sending.Queued)
    return queued.challenge


def answer(
    account: Account, code: str, purpose: Purpose = Purpose.SIGN_IN, browser: str = "this-browser"
) -> CodeResult[SmsDevice]:
    """Enter a code in that browser session."""
    return SmsVerification(pending_of(account, browser), ClientInfo(), purpose).verify(code)


def code_of(challenge: Challenge) -> str:
    """Return the code of a challenge, read again from the database."""
    code = codes.derive(Challenge.objects.select_related("device").get(pk=challenge.pk))
    assert code is not None
    return code


def other_than(code: str) -> str:
    """Return six digits that differ from the code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def queued(device: SmsDevice, **fields: Any) -> TextMessage:
    """Queue a message to the device directly, with a challenge of another browser."""
    challenge = Challenge.objects.create(
        device=device, purpose=Purpose.SIGN_IN, key_id=codes.current_key_id(), browser=secrets.token_hex(8)
    )
    fields = {"number": device.number, "expires_at": challenge.expires_at, "language": "da", **fields}
    # Messages with other statuses were tried.
    fields.setdefault("tries", 0 if fields.get("status", "queued") in ("queued", "cancelled") else 1)
    return TextMessage.objects.create(
        account=device.user, device=device, challenge=challenge, purpose=Purpose.SIGN_IN, **fields
    )


def html(response: Any) -> str:
    """Return the body of a response as text."""
    return str(response.content.decode())


def kinds(account: Account, *wanted: str) -> list[tuple[str, str]]:
    """Return kind and reason of the account's events, oldest first. `wanted` limits the kinds."""
    events = SecurityEvent.objects.filter(account=account).order_by("pk")
    if wanted:
        events = events.filter(kind__in=wanted)
    return list(events.values_list("kind", "reason"))
