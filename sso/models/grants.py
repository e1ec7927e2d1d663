"""Grants to services, and the logout notices that services receive when a session ends."""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_otp.models import Device

from accounts import states


class Grant(models.Model):
    """One grant to a service: the sign-in that it came from, and what applies to every token of it.

    It ends with the session at the portal that it came from, with the device that the session was bound to, and at
    `ends_at`. It also ends if the account is deactivated or blocked, gets a new password or must renew it, or gets a
    higher `session_epoch`.
    """

    client = models.ForeignKey(settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, related_name="grants")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_grants")
    # The portal's id for the session: `sid` of the tokens.
    session_id = models.CharField(max_length=32, db_index=True)
    auth_hash = models.CharField(max_length=64)
    # The device that the session was bound to, as django-otp's persistent id.
    device = models.CharField(max_length=64)
    proven_at = models.DateTimeField()
    amr: models.JSONField[Any, Any] = models.JSONField(default=list)
    # Whether two independent factors were proven: the claim `acr`.
    is_mfa = models.BooleanField(default=True)
    scope = models.CharField(max_length=200)
    # The single claims that the service asked for (OpenID Connect Core, section 5.5), by where it wants them.
    claims: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # What its access tokens contain, to find the grant.
    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    # SECURITY: the digest of the code, to detect a second use after the code itself is deleted.
    code_digest = models.CharField(max_length=64, unique=True)
    # The library's id for the refresh tokens that come from one code.
    family = models.UUIDField(null=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    used_at = models.DateTimeField(null=True)
    # The service has given its tokens back, or used the code twice. It is still told when the session ends.
    revoked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.client_id} {self.created_at:%Y-%m-%d %H:%M:%S}"

    @staticmethod
    def digest(code: str) -> str:
        """Return the digest of a code, as it is stored."""
        return sha256(code.encode()).hexdigest()

    def is_good(self) -> bool:
        """Return whether tokens may still be issued and used for it."""
        account = self.account
        return (
            self.ended_at is None
            and self.revoked_at is None
            and timezone.now() < self.ends_at
            and states.may_continue(account)
            and self.client.is_enabled
            and self.client.admits(account)
            and account.has_auth_hash(self.auth_hash)
            and Device.from_persistent_id(self.device) is not None
        )


class LogoutNotice(models.Model):
    """A notice to one service that a session is over. The row is the outbox."""

    client = models.ForeignKey(settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, related_name="logouts")
    subject = models.UUIDField()
    session_id = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="logout_notice_due", condition=models.Q(sent_at=None)),
            models.Index(fields=["created_at"], name="logout_notice_created"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.created_at:%Y-%m-%d %H:%M:%S}"
