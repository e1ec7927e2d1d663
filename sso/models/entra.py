"""Tenants of Microsoft Entra, the links of their users to accounts, and their requests."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account


class Tenant(models.Model):
    """One tenant that sends its users here for the second factor."""

    name = models.CharField(_("name"), max_length=80)
    tenant_id = models.UUIDField(_("tenant id"), unique=True)
    # `client_id` is the tenant's name for us in its requests. `app_id` is the app registration that its hints are for
    # (`aud`).
    client_id = models.CharField(_("client id"), max_length=100)
    app_id = models.CharField(_("application id"), max_length=100)
    metadata_url = models.CharField(_("metadata URL"), max_length=300, validators=[URLValidator(["https", "http"])])
    students = models.BooleanField(_("for students"), default=True)
    employees = models.BooleanField(_("for employees"), default=False)
    # While this is on, only the accounts in `PilotMember` are served.
    is_pilot = models.BooleanField(_("pilot group only"), default=True)
    is_enabled = models.BooleanField(_("in use"), default=False)
    # The last values from the metadata URL and the keys' URL. A tenant that cannot be reached is still served.
    issuer = models.CharField(max_length=300, blank=True, editable=False)
    keys: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)
    fetched_at = models.DateTimeField(_("keys fetched"), null=True, blank=True, editable=False)
    # The time at which a sign-in last tried to read them. It prevents endless requests if many unknown keys arrive.
    tried_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Entra tenant")
        verbose_name_plural = _("Entra tenants")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def admits(self, account: Account) -> bool:
        """Return whether the tenant serves the account's affiliation.

        A person who is both student and employee is served if either affiliation is.
        """
        return (self.students and account.is_student) or (self.employees and account.is_employee)


class PilotMember(models.Model):
    """One account in a tenant's pilot group."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="pilot")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entra_pilots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "account"], name="pilot_member_once")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.account_id}"


class TenantLink(models.Model):
    """The account of a tenant's user (`oid`). It is created at the user's first request.

    It is kept until the helpdesk removes it.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="links", verbose_name=_("Entra tenant"))
    object_id = models.CharField(_("object id"), max_length=64)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="entra_links", verbose_name=_("account")
    )
    linked_at = models.DateTimeField(_("linked"), default=timezone.now)

    class Meta:
        verbose_name = _("link to an Entra user")
        verbose_name_plural = _("links to Entra users")
        permissions = [("remove_entra_link", "Can remove the link of an account to an Entra user")]
        constraints = [
            models.UniqueConstraint(fields=["object_id", "tenant"], name="tenant_link_object"),
            models.UniqueConstraint(fields=["tenant", "account"], name="tenant_link_account"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.account_id}"


class EntraAttempt(models.Model):
    """One validated request of a tenant. It is answered once, within `ENTRA_ATTEMPT_LIFE`."""

    # The digest of the handle in the URL and the secret in the browser's cookie.
    handle = models.CharField(max_length=64, unique=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="attempts")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="entra_attempts")
    # Digests of values that may be used only once: nonce and state, and the hint.
    request_digest = models.CharField(max_length=64)
    hint_digest = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    redirect_uri = models.CharField(max_length=200)
    nonce = models.CharField(max_length=1000, blank=True)
    state = models.TextField(blank=True)
    acr = models.CharField(max_length=64, blank=True)
    amr_values: models.JSONField[Any, Any] = models.JSONField(default=list)
    client_request_id = models.CharField(max_length=64, blank=True)
    # The error in the response, if it was decided at once.
    error = models.CharField(max_length=32, blank=True)
    # The reason; see `sso.entra.refusals`.
    reason = models.CharField(max_length=32, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "request_digest"], name="entra_attempt_once"),
            models.UniqueConstraint(fields=["tenant", "hint_digest"], name="entra_attempt_hint_once"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="entra_attempt_created"),
            # For the helpdesk's search: pages show Microsoft's id of a request.
            models.Index(fields=["client_request_id"], name="entra_attempt_request_id"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.created_at:%Y-%m-%d %H:%M:%S}"
