"""The numbers of the overview: one row per hour, summed up into one row per local day."""

from __future__ import annotations

from django.db import models


class _Figure(models.Model):
    """One number for one affiliation and language. `series` names the measure, `label` a part of it."""

    series = models.CharField(max_length=32)
    label = models.CharField(max_length=64, blank=True)
    # "student" or "employee", as `accounts.affiliation` decides. Both columns are empty for rows without an account.
    affiliation = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=2, blank=True)
    value = models.BigIntegerField()

    class Meta:
        abstract = True


class HourlyFigure(_Figure):
    """Counts of an hour, or the state last measured in it. The overview reads these rows instead of large tables."""

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
    """The figures of a local day: the sum of its hours, or the last measured state."""

    day = models.DateField()

    class Meta:
        constraints = [
            # The day comes first: reading a period and deleting old days both cover all series.
            models.UniqueConstraint(
                fields=["day", "series", "label", "affiliation", "language"], name="daily_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.label} {self.day}"


class TaskRun(models.Model):
    """How often a scheduled task ran and failed, and when it last succeeded."""

    task = models.CharField(max_length=64, primary_key=True)
    succeeded_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    runs = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.task


class MetricTotal(models.Model):
    """A total for a metric. `overview.totals` alone writes it."""

    name = models.CharField(max_length=48)
    label = models.CharField(max_length=96, blank=True)
    value = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="metric_total_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}"
