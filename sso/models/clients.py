"""Services that ask by OpenID Connect, and who people are to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from accounts.models import Account


class Client(AbstractApplication):
    """One service. Authorization code with PKCE, RS256; its redirect URIs are compared letter for letter."""

    name_da = models.CharField(_("name in Danish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    students = models.BooleanField(_("for students"), default=True)
    employees = models.BooleanField(_("for employees"), default=True)
    # In seconds; empty: as old as a session may be. The service may ask for a younger one (`max_age`).
    max_sign_in_age = models.PositiveIntegerField(_("oldest login, in seconds"), null=True, blank=True)
    # Not for the university's own services.
    asks_consent = models.BooleanField(_("asks for consent"), default=False)
    is_enabled = models.BooleanField(_("in use"), default=True)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        abstract = False
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name_da if get_language() == "da" else self.name_en

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; consent is asked for where the row says so."""
        self.skip_authorization = not self.asks_consent
        super().save(*args, **kwargs)

    def admits(self, account: Account) -> bool:
        """Whether the account may use the service; who is both student and employee may where either may."""
        return (self.students and account.is_student) or (self.employees and account.is_employee)


class Subject(models.Model):
    """Who an account is to services: an identifier that says nothing, and never changes."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="subject", verbose_name=_("account")
    )
    subject = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")

    def __str__(self) -> str:
        return str(self.subject)
