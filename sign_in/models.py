"""The policies for methods, and the requests for a new password that wait for a worker."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.clock import day


class MethodPolicy(models.Model):
    """States which groups may use a method from a given time. The newest row of a method that has begun applies.

    A user who is both student and employee counts as an employee (guide, R4). A change takes effect at the next
    sign-in.
    """

    method = models.CharField(_("method"), max_length=32)
    students = models.BooleanField(_("students may use it"), default=False)
    employees = models.BooleanField(_("employees may use it"), default=False)
    valid_from = models.DateTimeField(_("from when"), default=timezone.now)

    class Meta:
        verbose_name = _("rule for a method")
        verbose_name_plural = _("rules for methods")
        ordering = ["method", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["method", "valid_from"], name="policy_once")]

    def __str__(self) -> str:
        app = apps.app_configs.get(self.method)
        return f"{app.verbose_name if app else self.method}, {day(self.valid_from)}"


class PasswordResetRequest(models.Model):
    """A request for a new password that no worker has handled yet, for a name that may or may not have an account.

    SECURITY: the request does the same for every name, so its duration reveals no account (ASVS 6.3.8). A worker looks
    the name up, seconds later, and deletes the row. The name is encrypted, because it may be a password by mistake.
    """

    name = models.BinaryField(editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    address = models.GenericIPAddressField(null=True, blank=True, editable=False)
    browser = models.CharField(max_length=200, blank=True, editable=False)
    reference = models.CharField(max_length=8, blank=True, editable=False)

    class Meta:
        verbose_name = _("request for a new password")
        verbose_name_plural = _("requests for a new password")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.reference
