"""The authenticator app of an account. Its key is stored encrypted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin

from accounts.models import Account
from common import encryption
from sign_in.methods.throttling import CappedThrottlingMixin


class AuthenticatorApp(TimestampMixin, CappedThrottlingMixin, Device):
    """An app that computes codes from the time and a key (TOTP, RFC 6238).

    SECURITY: a model of our own, because django-otp's `TOTPDevice` stores the key in plain text. A dump of the database
    alone is not enough to compute a code.

    The mixins must precede `Device`: the other order silently disables them. `verify_token` is django-otp's default and
    refuses every code. Only `mfa_totp.verification` verifies codes, and it writes the events.
    """

    # The same fields as in django-otp, with translatable names.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="authenticator_apps", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=64, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    encrypted_key = models.BinaryField(editable=False)
    # How many steps the app's clock is ahead of ours, and the last accepted step.
    drift = models.SmallIntegerField(default=0, editable=False)
    last_t = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def __str__(self) -> str:
        return str(_("Authenticator app"))

    @classmethod
    def with_key(cls, key: bytes, user: Account | None = None) -> AuthenticatorApp:
        """Return a new app with this key, not saved."""
        app = cls() if user is None else cls(user=user)
        app.bin_key = key
        return app

    @property
    def bin_key(self) -> bytes:
        """The key that the app and the portal share. Setting it encrypts it under the first of `TOTP_KEY_SECRETS`."""
        return encryption.decrypt(bytes(self.encrypted_key), settings.TOTP_KEY_SECRETS)

    @bin_key.setter
    def bin_key(self, key: bytes) -> None:
        self.encrypted_key = encryption.encrypt(key, settings.TOTP_KEY_SECRETS)
