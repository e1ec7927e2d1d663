"""The SMS device, and the challenges that prove it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Right
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import CooldownMixin, Device, TimestampMixin
from phonenumber_field.modelfields import PhoneNumberField

from common import clock
from mfa_sms import numbers
from sign_in.methods.throttling import CappedThrottlingMixin


class Purpose(models.TextChoices):
    """Why a code was sent."""

    ENROLL = "enroll", _("Enrolment")
    SIGN_IN = "sign_in", _("Login")
    STEP_UP = "step_up", _("Confirmation")
    # A caller proves to IT Support who is calling. No page of a login accepts this code.
    CALLER = "caller", _("Call with IT Support")


class SmsDevice(TimestampMixin, CooldownMixin, CappedThrottlingMixin, Device):
    """A phone number of an account. Unconfirmed until a code proves it.

    The mixins must precede `Device` in the MRO: the other order silently disables them.
    """

    # django-otp's own fields with translatable names. A device starts unconfirmed.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sms_devices", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=64, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_generated_timestamp = models.DateTimeField(_("last message"), null=True, blank=True)

    number = PhoneNumberField(_("mobile number"), db_index=True)
    # Messages sent since the last correct code. The count determines the resend gap.
    unanswered_messages = models.PositiveIntegerField(_("unanswered messages"), default=0)
    # True if an agent registered the number for a user without a method. The database has the default too, because the
    # previous release still inserts rows during a rollout.
    by_agent = models.BooleanField(_("registered by IT Support"), default=False, db_default=False)

    class Meta:
        verbose_name = _("SMS device")
        verbose_name_plural = _("SMS devices")
        permissions = [
            ("register_number", "Can register a number for a student"),
            ("view_full_number", "Can see a full number"),
            ("search_by_number", "Can search for accounts by a full number"),
            ("call_back", "Can see a number to call back"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(confirmed=False), name="sms_one_unconfirmed"),
            models.UniqueConstraint(
                fields=["user", "number"], condition=models.Q(confirmed=True), name="sms_number_once_per_account"
            ),
        ]
        # For searches by the last digits of a number.
        indexes = [models.Index(Right("number", 2), condition=models.Q(confirmed=True), name="sms_number_ending")]

    def __str__(self) -> str:
        return numbers.mask_number(self.number)

    def get_cooldown_duration(self) -> int:
        """Return the resend gap in seconds. It depends on the number of unanswered messages."""
        waits: tuple[int, ...] = settings.SMS_WAITS
        return waits[min(max(self.unanswered_messages, 1), len(waits)) - 1]

    def count_message(self) -> None:
        """Start the resend gap after a message; does not save.

        Messages older than `SMS_WAIT_MEMORY` no longer extend it.
        """
        last = self.last_generated_timestamp
        forgotten = last is None or timezone.now() - last > settings.SMS_WAIT_MEMORY
        self.unanswered_messages = 1 if forgotten else self.unanswered_messages + 1
        self.cooldown_set(commit=False)

    def cooldown_reset(self, commit: bool = True) -> None:
        """End the resend gap, after a correct code."""
        self.unanswered_messages = 0
        self.last_generated_timestamp = None
        if commit:
            self.save(update_fields=["unanswered_messages", "last_generated_timestamp"])

    def generate_challenge(self) -> str:
        """Send a code without one of our browser sessions, and return the result as text. Never raises."""
        # django-otp calls the device; sending needs the models.
        from mfa_sms import sending

        return sending.challenge_for_device_interface(self)

    def verify_token(self, token: Any) -> bool:
        """Whether the token answers the challenge of `generate_challenge`. Call it through `django_otp.verify_token`.

        Our own pages use `mfa_sms.verification` instead, which also checks the browser session.
        """
        # django-otp calls the device; verification needs the models.
        from mfa_sms import verification

        return verification.verify_for_device_interface(self, token)


def new_nonce() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(32)


def end_of_life() -> datetime:
    """Return when a code made now expires."""
    return timezone.now() + settings.SMS_CODE_LIFE


class Challenge(models.Model):
    """One code for one device, one purpose and one browser session. The code itself is never stored."""

    class Outcome(models.TextChoices):
        """How a challenge ended."""

        OPEN = "", _("Open")
        RIGHT = "right", _("Answered")
        EXHAUSTED = "exhausted", _("Too many wrong codes")
        REPLACED = "replaced", _("Replaced by a new one")

    device = models.ForeignKey(SmsDevice, models.CASCADE, related_name="challenges", verbose_name=_("device"))
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose.choices)
    # Digest of the browser session's secret: only the session that requested the code may answer.
    browser = models.CharField(_("browser session"), max_length=64, blank=True, editable=False)
    nonce = models.BinaryField(default=new_nonce, editable=False)
    key_id = models.CharField(max_length=16, editable=False)
    failures = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=end_of_life)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        indexes = [
            models.Index(fields=["expires_at"], name="challenge_expires"),
            models.Index(fields=["outcome"], name="challenge_outcome"),
            models.Index(fields=["purpose"], name="challenge_purpose"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "purpose", "browser"], condition=models.Q(outcome=""), name="challenge_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {clock.stamp(self.created_at)}"

    @property
    def is_expired(self) -> bool:
        """Whether the code has expired."""
        return timezone.now() >= self.expires_at

    @property
    def tries_left(self) -> int:
        """How many wrong codes the challenge still accepts."""
        return max(0, settings.SMS_CODE_TRIES - self.failures)

    def end(self, outcome: Outcome) -> None:
        """Set the outcome and its time; does not save."""
        self.outcome = outcome
        self.ended_at = timezone.now()


class HumanCheck(models.Model):
    """A proof of work that an account must do, once for each further number within a day."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="human_checks", verbose_name=_("account")
    )
    number = PhoneNumberField(_("mobile number"))
    puzzle = models.JSONField(_("puzzle"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    passed_at = models.DateTimeField(_("passed"), null=True, blank=True)

    class Meta:
        verbose_name = _("human check")
        verbose_name_plural = _("human checks")
        indexes = [
            models.Index(fields=["account", "-created_at"], name="human_check_account"),
            models.Index(fields=["created_at"], name="human_check_created"),
        ]

    def __str__(self) -> str:
        return f"{clock.stamp(self.created_at)}"
