"""The numbers of the overview, counted once for each hour."""

from __future__ import annotations

from django.db import models


class HourlyFigure(models.Model):
    """One number: what was counted in an hour, or stood at its end, of accounts of one affiliation and language.

    `series` names what was counted, `label` the part of it. The overview reads these rows and no large table.
    """

    hour = models.DateTimeField()
    series = models.CharField(max_length=32)
    label = models.CharField(max_length=64, blank=True)
    # "student", "employee" (also who is both), or empty where it is nobody's; so with the language.
    affiliation = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=2, blank=True)
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "hour", "label", "affiliation", "language"], name="hourly_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.label} {self.hour:%Y-%m-%d %H}"
