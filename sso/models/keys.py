"""The keys that sign tokens."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """One RSA key. Its public part is published before it signs, and until the tokens that it signed have expired."""

    class Use(models.TextChoices):
        """The protocol whose tokens the key signs.

        No key signs for both, so that a token of one cannot be accepted as one of the other.
        """

        OIDC = "oidc", _("OpenID Connect")
        ENTRA = "entra", _("Microsoft Entra")

    key_id = models.CharField(_("key"), max_length=32, unique=True)
    use = models.CharField(_("signs for"), max_length=8, choices=Use.choices)
    # SECURITY: encrypted with `SSO_KEY_SECRETS`. No field of the admin shows it.
    private = models.BinaryField(editable=False)
    # The JSON Web Key as published, with its certificate (`x5c`).
    public = models.JSONField(editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    signs_from = models.DateTimeField(_("signs from"))
    # The time at which the next key begins to sign, and the end of publication. Both are empty until there is a next
    # key.
    retired_at = models.DateTimeField(_("signs until"), null=True, blank=True)
    gone_at = models.DateTimeField(_("published until"), null=True, blank=True)
    # Until then, the key verifies ID tokens that services bring back.
    verifies_until = models.DateTimeField(_("verifies until"), null=True, blank=True)

    objects: ClassVar[models.Manager[SigningKey]] = models.Manager()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.key_id
