"""The numbers of the overview, counted once for each hour and summed up for each local day."""

from __future__ import annotations

from django.db import models


class _Figure(models.Model):
    """One number of accounts of one affiliation and language: `series` names what it is of, `label` the part of it."""

    series = models.CharField(max_length=32)
    label = models.CharField(max_length=64, blank=True)
    # "student", "employee" (also who is both), or empty where it is nobody's; so with the language.
    affiliation = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=2, blank=True)
    value = models.BigIntegerField()

    class Meta:
        abstract = True


class HourlyFigure(_Figure):
    """What was counted in an hour, or stood at its end. The overview reads these rows and no large table."""

    hour = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "hour", "label", "affiliation", "language"], name="hourly_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.label} {self.hour:%Y-%m-%d %H}"


class DailyFigure(_Figure):
    """The same of a local day, made of its hours: their sum, or what stood when it was last measured."""

    day = models.DateField()

    class Meta:
        constraints = [
            # The day first: a period is read, and what is old deleted, for all series at once.
            models.UniqueConstraint(
                fields=["day", "series", "label", "affiliation", "language"], name="daily_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.label} {self.day}"
