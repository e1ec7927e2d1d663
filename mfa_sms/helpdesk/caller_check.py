"""A code by SMS with which a caller proves that they have a phone of the account."""

from datetime import timedelta
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_otp.models import Device

from common.client_info import ClientInfo
from helpdesk.caller_codes import CallerCheck
from helpdesk.models import Call
from helpdesk.registry import ActionRefused, LimitReached
from mfa_sms import codes, limits, numbers
from mfa_sms.dispatch import enqueue_code
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_sms.sending import browser_digest
from sign_in.verification import Verdict

_AGAIN_AFTER = timedelta(seconds=30)  # a message takes some seconds


class SmsCallerCheck(CallerCheck):
    """Sends a code of the purpose `CALLER`. Only this call accepts it, and no page of a login does."""

    method = "mfa_sms"

    def ask(self, call: Call, device: Device, client: ClientInfo) -> str:
        """Queue a message with the code of this call. It uses no limit and no wait of a login."""
        phone = _lock(device)
        if phone is None or not phone.confirmed:
            raise ActionRefused(_("A code goes to a confirmed number only."))
        challenge = _open_challenge(call, phone)
        if challenge is not None and _was_just_sent(challenge):
            raise ActionRefused(_("We have just sent the code. Wait half a minute before you send it again."))
        refusal = limits.take_caller(phone)
        if refusal is not None:
            text = _("This number has had so many codes that you cannot send another. Check the caller’s ID.")
            raise LimitReached(text, refusal)
        if challenge is None or challenge.is_expired or codes.derive(challenge) is None:
            challenge = _new_challenge(call, phone)
        message = TextMessage.objects.create(
            account_id=phone.user_id,
            device=phone,
            challenge=challenge,
            purpose=Purpose.CALLER,
            number=phone.number,
            language=phone.user.language,
            expires_at=challenge.expires_at,
        )
        transaction.on_commit(lambda: enqueue_code(message.pk))
        text = _("A code is on its way to %(number)s. Ask the caller to read it out.")
        return text % {"number": numbers.mask_number(phone.number)}

    @sensitive_variables("code")
    def verify(self, call: Call, device: Device, code: str) -> Verdict:
        """Compare with the code of this call. Too many wrong ones end it."""
        phone = _lock(device)
        challenge = _open_challenge(call, phone) if phone is not None else None
        if challenge is None or challenge.is_expired:
            return Verdict.EXPIRED
        if codes.matches(challenge, code):
            challenge.end(Challenge.Outcome.RIGHT)
            challenge.save(update_fields=["outcome", "ended_at"])
            return Verdict.RIGHT
        challenge.failures += 1
        if not challenge.tries_left:
            challenge.end(Challenge.Outcome.EXHAUSTED)
        challenge.save(update_fields=["failures", "outcome", "ended_at"])
        return Verdict.WRONG if challenge.tries_left else Verdict.EXPIRED


def _lock(device: Device) -> SmsDevice | None:
    rows = SmsDevice.objects.select_for_update(of=("self",)).select_related("user")
    return cast(SmsDevice | None, rows.filter(pk=device.pk).first())


def _browser(call: Call) -> str:
    """Return a value that replaces the browser session, so that only this call can answer the challenge."""
    return browser_digest(f"helpdesk.call:{call.pk}")


def _open_challenge(call: Call, phone: SmsDevice) -> Challenge | None:
    rows = Challenge.objects.select_for_update(of=("self",)).select_related("device")
    return rows.filter(
        device=phone, purpose=Purpose.CALLER, browser=_browser(call), outcome=Challenge.Outcome.OPEN
    ).first()


def _new_challenge(call: Call, phone: SmsDevice) -> Challenge:
    Challenge.objects.filter(
        device=phone, purpose=Purpose.CALLER, browser=_browser(call), outcome=Challenge.Outcome.OPEN
    ).update(outcome=Challenge.Outcome.REPLACED, ended_at=timezone.now())
    return Challenge.objects.create(
        device=phone, purpose=Purpose.CALLER, browser=_browser(call), key_id=codes.current_key_id()
    )


def _was_just_sent(challenge: Challenge) -> bool:
    since = timezone.now() - _AGAIN_AFTER
    return TextMessage.objects.filter(challenge=challenge, created_at__gt=since).exists()
