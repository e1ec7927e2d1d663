"""Refused requests of services, so that owners and administrators can find out why no one can log in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ServiceRefusal(models.Model):
    """One mistake in the requests of a service: how often it came, and when last.

    SECURITY: anyone can send such requests, so there are at most `SSO_REFUSALS_KEPT` rows for each service. `value`
    never contains a secret: see `sso.oidc.diagnosis`.
    """

    client = models.ForeignKey(settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, related_name="refusals")
    reason = models.CharField(_("reason"), max_length=32)
    value = models.CharField(_("what arrived"), max_length=200, blank=True)
    first_at = models.DateTimeField(_("first"), default=timezone.now)
    last_at = models.DateTimeField(_("last"), default=timezone.now)
    count = models.PositiveIntegerField(_("count"), default=1)

    objects: ClassVar[models.Manager[ServiceRefusal]] = models.Manager()

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["client", "reason", "value"], name="service_refusal_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.reason}"
