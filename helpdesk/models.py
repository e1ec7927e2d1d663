"""Helpdesk actions, their approvals, and cases."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit.models import SecurityEvent
from common import clock


class IdentityProof(models.TextChoices):
    """How an agent verified the owner's identity (ASVS 6.4.4)."""

    IN_PERSON = "in_person", _("In person, with ID")
    MITID = "mitid", _("MitID")
    VIDEO = "video", _("Video, with ID")
    CALL_BACK = "call_back", _("Called back on a different registered number")
    # Only `helpdesk.caller_codes` records it: no agent can choose it.
    CODE = "code", _("A code on a registered device")


class Document(models.TextChoices):
    """The kind of document that an agent has seen as a proof of identity."""

    PASSPORT = "passport", _("Passport")
    DRIVING_LICENCE = "driving_licence", _("Driving licence")
    ID_CARD = "id_card", _("ID card")
    RESIDENCE_CARD = "residence_card", _("Residence card")


class Call(models.Model):
    """A conversation with somebody who says that they own an account.

    The agent enters the case number and the proof of identity once. They apply to the actions of this agent on this
    account until `ends_at`, or until the agent ends the call or begins another.
    """

    reference = models.CharField(_("reference"), max_length=8, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="calls", verbose_name=_("account"))
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="taken_calls", verbose_name=_("agent")
    )
    case_number = models.CharField(_("case number"), max_length=32, blank=True)
    proof = models.CharField(_("identity checked by"), max_length=16, choices=IdentityProof.choices, blank=True)
    # The type of the document and the last characters of its number, or the device that got the code.
    proof_detail = models.CharField(_("what was seen"), max_length=80, blank=True)
    # The device whose code the caller was asked for last, as django-otp's persistent id.
    asked_device = models.CharField(max_length=64, blank=True, editable=False)
    # When the agent was shown a number to call back.
    number_shown_at = models.DateTimeField(_("number shown"), null=True, blank=True)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=models.Q(ended_at=None), name="call_one_open"),
        ]
        indexes = [models.Index(fields=["account", "-began_at"], name="call_account")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether the call has not ended."""
        return self.ended_at is None and timezone.now() < self.ends_at


class ActionRecord(models.Model):
    """One action that an agent performed on an account, with proof of identity, case number and note."""

    action = models.CharField(_("action"), max_length=32)
    account = models.ForeignKey(Account, models.PROTECT, related_name="action_records", verbose_name=_("account"))
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="performed_actions", verbose_name=_("agent")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    proof = models.CharField(_("identity checked by"), max_length=16, choices=IdentityProof.choices)
    proof_detail = models.CharField(_("what was seen"), max_length=80, blank=True, db_default="")
    case_number = models.CharField(_("case number"), max_length=32, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    event = models.ForeignKey(SecurityEvent, models.PROTECT, related_name="action_records", verbose_name=_("event"))
    approval = models.ForeignKey(
        "Approval", models.PROTECT, null=True, blank=True, related_name="action_records", verbose_name=_("approval")
    )
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, blank=True, related_name="action_records", verbose_name=_("call")
    )
    # The digest of the key in the form. The second press of a button finds the record of the first.
    press = models.CharField(max_length=64, blank=True, db_default="", editable=False)

    class Meta:
        verbose_name = _("agent action")
        verbose_name_plural = _("agent actions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-at"], name="action_record_account"),
            models.Index(fields=["case_number"], name="action_record_case"),
            models.Index(fields=["action"], name="action_record_action"),
            models.Index(fields=["proof"], name="action_record_proof"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "press"], condition=~models.Q(press=""), name="action_record_one_press"
            ),
        ]
        permissions = [
            ("unlock_account", "Can unlock an account and reset failed tries"),
            ("end_sessions", "Can end all sessions of an account"),
            ("remove_device", "Can remove one login method of an account"),
            ("reset_account", "Can reset all login methods of an account"),
            ("block_account", "Can block an account and lift the block"),
            ("require_new_password", "Can require a new password for an account"),
            ("send_reset_mail", "Can send the email with a link for a new password"),
            ("deactivate_account", "Can deactivate and reactivate an account"),
            ("add_note", "Can add a note to an account"),
            ("take_call", "Can check who is calling"),
            ("act_on_staff_accounts", "Can act on accounts of staff, with approval"),
            ("approve_action", "Can approve what another agent asks for"),
            ("handle_case", "Can take and close cases"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {clock.stamp(self.at)}"


class ShownSecret(models.Model):
    """The secret that an action has made, for the page that shows it to the agent.

    SECURITY: it is encrypted, only the session of the agent who performed the action reads it, and it is deleted once
    the agent has read it out or after `HELPDESK_SECRET_SHOWN`.
    """

    record = models.OneToOneField(ActionRecord, models.CASCADE, related_name="secret")
    session = models.CharField(max_length=64, editable=False)
    encrypted = models.BinaryField(editable=False)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.record)


class Approval(models.Model):
    """A request that a second agent approves an action on a staff account (ASVS 2.3.5).

    It is valid once, until `expires_at`.
    """

    class Outcome(models.TextChoices):
        """The second agent's decision, or `USED` after the action."""

        WAITING = "", _("Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        USED = "used", _("Used")

    action = models.CharField(_("action"), max_length=32)
    account = models.ForeignKey(Account, models.PROTECT, related_name="approvals", verbose_name=_("account"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="asked_approvals", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    proof = models.CharField(_("identity checked by"), max_length=16, choices=IdentityProof.choices)
    proof_detail = models.CharField(_("what was seen"), max_length=80, blank=True, db_default="")
    case_number = models.CharField(_("case number"), max_length=32)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # The device of the action, as django-otp's persistent id. The approval is valid for this device only.
    device = models.CharField(_("login method"), max_length=64, blank=True)
    # The action's own form fields, as typed. The approval is valid for these values only.
    said = models.JSONField(_("details"), default=dict, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_approvals",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    # When the leads were told that the request has no answer.
    alerted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "action", "-asked_at"], name="approval_account_action")]

    def __str__(self) -> str:
        return f"{self.action} {clock.stamp(self.asked_at)}"


class Case(models.Model):
    """An incident that the helpdesk must investigate."""

    class Kind(models.TextChoices):
        """The reason for opening the case."""

        REPORTED = "reported", _("The user says: it was not me")
        LOCKED = "locked", _("Locked after 100 wrong codes")
        OPENED = "opened", _("Opened by IT Support")

    kind = models.CharField(_("kind"), max_length=32, choices=Kind.choices)
    account = models.ForeignKey(Account, models.PROTECT, related_name="cases", verbose_name=_("account"))
    event = models.ForeignKey(
        SecurityEvent, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("security event")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_cases",
        verbose_name=_("taken by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    # When the leads were told that the case has not been taken.
    alerted_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="closed_cases",
        verbose_name=_("closed by"),
    )

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "event"], name="case_once"),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=models.Q(closed_at=None), name="case_open"),
            # The order of the list: open cases first, since PostgreSQL sorts NULL first when descending, then the
            # newest.
            models.Index(fields=["-closed_at", "-id"], name="case_listed"),
            models.Index(fields=["kind"], name="case_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {clock.stamp(self.opened_at)}"
