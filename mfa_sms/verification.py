"""Verification of SMS codes."""

from collections.abc import Sequence
from typing import Any

from django.views.decorators.debug import sensitive_variables

from accounts.models import Account
from common import typed_codes
from common.client_info import ClientInfo
from mfa_sms import codes
from mfa_sms.eligibility import may_use_sms, may_verify_phone
from mfa_sms.method import METHOD
from mfa_sms.models import Challenge, Purpose, SmsDevice
from mfa_sms.problems import not_allowed_by_sms
from mfa_sms.sending import browser_digest
from sign_in import enrollment, events
from sign_in.pending import PendingSignIn
from sign_in.verification import CodeVerification, Verdict


class SmsVerification(CodeVerification[SmsDevice, Challenge]):
    """Verifies six digits against the open challenge of this browser session for the purpose.

    A correct code at enrollment confirms the device. If two correct codes come at once, exactly one is RIGHT. The other
    finds no open challenge and is EXPIRED. `left` in the result is the number of tries that the challenge still
    accepts.
    """

    method = METHOD
    missing = Verdict.EXPIRED
    missing_reason = "no_challenge"
    _challenge: Challenge

    def __init__(self, pending: PendingSignIn, client: ClientInfo, purpose: Purpose) -> None:
        super().__init__(pending, client)
        self._purpose = purpose

    def lock_device(self) -> SmsDevice | None:
        """Lock the open challenge and its device. At enrollment, lock the account before them."""
        if self._purpose == Purpose.ENROLL:
            enrollment.may_enroll(self.pending, self.method.slug, locked=True)
        browser = browser_digest(self.pending.browser)
        return self._lock(browser, self._purpose, user_id=self.pending.account_id)

    def _lock(self, browser: str, purpose: Purpose, **device: Any) -> SmsDevice | None:
        """Lock device and challenge in one query, the device first. Another order could deadlock with other writers."""
        challenge = (
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
        if challenge is None:
            return None
        self._challenge = challenge
        found: SmsDevice = challenge.device
        return found

    def refuse_before_comparing(self, device: SmsDevice) -> Verdict | None:
        """Return EXPIRED if the challenge expired or its key is no longer configured.

        Raises the page for an account that may not use SMS, unless the phone opens the enrollment of another method.
        """
        enrolls = self._purpose == Purpose.ENROLL
        if not (may_use_sms(device.user) if enrolls else may_verify_phone(self.pending, device)):
            raise not_allowed_by_sms()
        return Verdict.EXPIRED if self._challenge.is_expired or codes.derive(self._challenge) is None else None

    @sensitive_variables("code")
    def find_match(self, device: SmsDevice, code: str) -> Challenge | None:
        """Return the challenge if the code is its derived code."""
        return self._challenge if codes.matches(self._challenge, code) else None

    def consume(self, device: SmsDevice, match: Challenge) -> Sequence[str]:
        """End the challenge and the resend gap, confirm the device, and return its changed fields."""
        match.end(Challenge.Outcome.RIGHT)
        match.save(update_fields=["outcome", "ended_at"])
        device.cooldown_reset(commit=False)
        device.confirmed = True
        return ["unanswered_messages", "last_generated_timestamp", "confirmed"]

    def count_wrong(self, device: SmsDevice, code: str) -> Verdict:
        """Count the wrong code on the challenge, and end the challenge at its limit."""
        challenge = self._challenge
        challenge.failures += 1
        self.left = challenge.tries_left
        if not self.left:
            challenge.end(Challenge.Outcome.EXHAUSTED)
        challenge.save(update_fields=["failures", "outcome", "ended_at"])
        return Verdict.WRONG if self.left else Verdict.EXHAUSTED

    def proven(self, device: SmsDevice) -> None:
        """Write the event of the purpose. At enrollment, do everything that follows a new device."""
        if self._purpose == Purpose.ENROLL:
            enrollment.confirmed(self.pending, device, self.client)
        else:
            super().proven(device)


class _InterfaceVerification(SmsVerification):
    """Verifies a code of `generate_challenge`, for a sign-in without one of our browser sessions."""

    def __init__(self, device: SmsDevice) -> None:
        super().__init__(PendingSignIn("", 0.0), ClientInfo(), Purpose.SIGN_IN)
        self._device = device

    def lock_device(self) -> SmsDevice | None:
        """Lock the device and its challenge, if the owner may use SMS."""
        device = self._lock("", Purpose.SIGN_IN, pk=self._device.pk)
        return device if device is not None and may_use_sms(device.user) else None

    def admit(self, account: Account | None) -> Account:
        """Return the owner, since no flow of ours has admitted an account."""
        return account or self._device.user

    def record_missing(self) -> None:
        """Write nothing, because no code was requested."""

    def proven(self, device: SmsDevice) -> None:
        """Record that the owner signed in."""
        events.signed_in(device.user, device, self.client)


def verify_for_device_interface(device: SmsDevice, token: Any) -> bool:
    """Implement `Device.verify_token` for the challenge of `generate_challenge`. Never raises."""
    code = typed_codes.parse_code(token)
    if code is None:
        return False
    right = _InterfaceVerification(device).verify(code).verdict is Verdict.RIGHT
    device.refresh_from_db()
    return right
