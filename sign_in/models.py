"""The model of the policies for methods."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
        return f"{self.method} {self.valid_from:%Y-%m-%d}"
