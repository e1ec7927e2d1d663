"""Text messages, delivery attempts, receipts, and the state of gateways."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from common import database_clock, languages
from mfa_sms import numbers
from mfa_sms.models.devices import Challenge, Purpose, SmsDevice


def first_sweep() -> datetime:
    """Return when the sweep looks for a message that is made now."""
    now: datetime = database_clock.now() + settings.SMS_SWEEP_AFTER
    return now


class TextMessage(models.Model):
    """One SMS to one number. The row is the outbox and the log. It has no text, which would contain the code."""

    class Status(models.TextChoices):
        """Status of a message."""

        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered to the phone")
        UNDELIVERABLE = "undeliverable", _("The phone cannot be reached")
        EXPIRED = "expired", _("The phone could not be reached in time")
        REJECTED = "rejected", _("Rejected")
        FAILED = "failed", _("Fault at the gateway")
        UNKNOWN = "unknown", _("Unknown")
        CANCELLED = "cancelled", _("Expired before it was sent")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="text_messages", verbose_name=_("account")
    )
    device = models.ForeignKey(
        SmsDevice, models.SET_NULL, null=True, related_name="text_messages", verbose_name=_("device")
    )
    challenge = models.ForeignKey(
        Challenge, models.SET_NULL, null=True, related_name="text_messages", verbose_name=_("challenge")
    )
    purpose = models.CharField(
        _("purpose"), max_length=16, choices=[*Purpose.choices, ("notice", _("Notice to the user"))]
    )
    # For a notice, its kind (`notices.kinds`) or `TEST`. A notice has no challenge and no code.
    notice = models.CharField(_("notice"), max_length=32, blank=True, default="", db_default="")
    number = PhoneNumberField(_("mobile number"), blank=True)  # emptied after `SMS_NUMBERS_KEPT`
    language = models.CharField(_("language"), max_length=2, choices=languages.choices)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.QUEUED)
    status_at = models.DateTimeField(_("status since"), default=timezone.now)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    receipt_at = models.DateTimeField(_("receipt"), null=True, blank=True)
    # When the sweep takes the row if nothing has happened: a task or a worker was lost, or the message is tried again.
    # By the database's clock.
    next_at = models.DateTimeField(_("next try"), default=first_sweep)
    # How often a worker claimed the row, and how often its id was enqueued.
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    dispatches = models.PositiveSmallIntegerField(_("delivery attempts"), default=1)
    # The gateway whose copy decided the status, or the one being asked. For a test, the gateway to be tested.
    gateway = models.CharField(_("gateway"), max_length=32, blank=True)
    gateway_message_id = models.CharField(_("the gateway's id"), max_length=64, blank=True)
    error = models.CharField(_("error"), max_length=64, blank=True)

    objects: ClassVar[models.Manager[TextMessage]] = models.Manager()

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        permissions = [("send_test_message", "Can send a test message")]
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["created_at"], condition=~models.Q(number=""), name="message_with_number"),
            models.Index(fields=["gateway", "-receipt_at"], name="message_gateway_receipt"),
            models.Index(fields=["account", "-created_at"], name="message_account_created"),
            # For the list of messages, newest first.
            models.Index(fields=["-created_at", "-id"], name="message_created"),
            models.Index(fields=["number", "-created_at"], name="message_number_created"),
            models.Index(
                fields=["next_at"], condition=models.Q(status__in=["queued", "sending"]), name="message_waiting"
            ),
        ]

    NOTICE: ClassVar[str] = "notice"
    TEST: ClassVar[str] = "test"

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {numbers.mask_number(self.number)}"


class Attempt(models.Model):
    """One attempt to send a message through one gateway. Written after the attempt ended."""

    class Outcome(models.TextChoices):
        """The result of the attempt. All except the first are faults of `mfa_sms.gateways.GatewayFault`."""

        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("The number cannot receive SMS")
        REJECTED = "rejected", _("Rejected by the operator")
        UNAVAILABLE = "unavailable", _("Gateway unavailable")
        BUSY = "busy", _("Gateway busy")
        UNKNOWN = "unknown", _("No answer")
        MISCONFIGURED = "misconfigured", _("Gateway refused our credentials")

    message = models.ForeignKey(TextMessage, models.CASCADE, related_name="attempts", verbose_name=_("text message"))
    gateway = models.CharField(_("gateway"), max_length=32)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices)
    code = models.CharField(_("the gateway's code"), max_length=32, blank=True)
    gateway_message_id = models.CharField(_("the gateway's id"), max_length=64, blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), default=timezone.now)
    # The process that asked. If only one process cannot reach a gateway, its own network is at fault.
    worker = models.CharField(_("worker"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["gateway", "-ended_at"], name="attempt_gateway_ended"),
            models.Index(
                fields=["ended_at"], condition=~models.Q(gateway_message_id=""), name="attempt_with_gateway_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.get_outcome_display()}"


class GatewayState(models.Model):
    """Whether one gateway is in rotation, for all workers. A gateway without a row is in rotation.

    The circuit breaker takes a gateway out of rotation, or an administrator, who is stored in `disabled_by`.
    """

    gateway = models.CharField(_("gateway"), max_length=32, unique=True)
    out_of_service = models.BooleanField(_("paused"), default=False)
    why = models.CharField(_("why"), max_length=100, blank=True)
    disabled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("taken out of service by"),
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    # While the circuit is open: the time of the next trial, and the successes in a row.
    trial_at = models.DateTimeField(_("next try"), null=True, blank=True)
    successes = models.PositiveSmallIntegerField(_("successes"), default=0)
    # Whether the circuit opened because messages did not arrive. Then only receipts close it.
    needs_receipts = models.BooleanField(_("needs receipts"), default=False)
    # Until when the gateway asked to be left alone, and when its rate allows the next message.
    busy_until = models.DateTimeField(_("busy until"), null=True, blank=True)
    slot_at = models.DateTimeField(_("next free moment"), null=True, blank=True)

    class Meta:
        verbose_name = _("gateway")
        verbose_name_plural = _("gateways")
        permissions = [("disable_gateway", "Can take a gateway out of service and back")]

    def __str__(self) -> str:
        return self.gateway


class PrefixBlock(models.Model):
    """A prefix that is blocked for new numbers, because codes to its numbers were not entered (`mfa_sms.pumping`).

    A prefix is a number without its last four digits, so it identifies no one.
    """

    prefix = models.CharField(_("prefix"), max_length=16)
    # How many numbers got a code within the hour, and how many of them entered it.
    numbers = models.PositiveIntegerField(_("numbers"))
    entered = models.PositiveIntegerField(_("codes entered"))
    blocked_at = models.DateTimeField(_("blocked"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("lifted by"),
    )

    class Meta:
        verbose_name = _("blocked prefix")
        verbose_name_plural = _("blocked prefixes")
        permissions = [("lift_prefixblock", "Can lift the block of a prefix")]
        ordering = ["-blocked_at"]
        constraints = [
            models.UniqueConstraint(fields=["prefix"], condition=models.Q(lifted_at=None), name="prefix_blocked_once"),
        ]

    def __str__(self) -> str:
        return self.prefix


class Receipt(models.Model):
    """A gateway's report on the delivery of a message, as received. Kept for `SMS_RECEIPTS_KEPT`."""

    gateway = models.CharField(_("gateway"), max_length=32)
    event_id = models.CharField(_("event"), max_length=64)
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    # The whole content of the request. It contains the number, so the admin does not show it.
    raw = models.TextField(editable=False)
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    gateway_message_id = models.CharField(_("the gateway's id"), max_length=64, blank=True)
    state = models.CharField(_("status"), max_length=16)
    raw_status = models.CharField(_("the gateway's status"), max_length=32, blank=True)
    code = models.CharField(_("the gateway's code"), max_length=32, blank=True)
    message = models.ForeignKey(
        TextMessage, models.SET_NULL, null=True, blank=True, related_name="receipts", verbose_name=_("text message")
    )
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="receipt_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(processed_at=None), name="receipt_unprocessed"),
            # For the share of messages that a gateway delivered.
            models.Index(
                fields=["gateway", "-received_at"],
                condition=models.Q(state__in=["delivered", "undeliverable", "expired", "rejected"]),
                name="receipt_final",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.raw_status}"
