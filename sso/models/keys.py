"""The keys that sign tokens."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """One RSA key. Its public part is published before it signs, and until what it has signed has expired."""

    class Use(models.TextChoices):
        """Whose tokens it signs. No key signs for both, so that no token of one can be taken for one of the other."""

        OIDC = "oidc", _("OpenID Connect")
        ENTRA = "entra", _("Microsoft Entra")

    key_id = models.CharField(_("key"), max_length=32, unique=True)
    use = models.CharField(_("signs for"), max_length=8, choices=Use.choices)
    # SECURITY: encrypted under `SSO_KEY_SECRETS`; no field of the admin.
    private = models.BinaryField(editable=False)
    # The JSON Web Key as published, with its certificate (`x5c`).
    public = models.JSONField(editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    signs_from = models.DateTimeField(_("signs from"))
    # When its successor began to sign, and from when it is no longer published; empty: there is no successor yet.
    retired_at = models.DateTimeField(_("signs until"), null=True, blank=True)
    gone_at = models.DateTimeField(_("published until"), null=True, blank=True)

    objects: ClassVar[models.Manager[SigningKey]] = models.Manager()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.key_id
