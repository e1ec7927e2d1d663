"""The progress of the demo's history."""

from typing import ClassVar

from django.db import models


class HistoryDay(models.Model):
    """A day of the history. `deeds` counts those written, updated in the transaction of each deed."""

    day = models.DateField(unique=True)
    deeds = models.PositiveIntegerField(default=0)
    finished = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["HistoryDay"]] = models.Manager()

    class Meta:
        verbose_name = "day of the demo's history"
        verbose_name_plural = "days of the demo's history"

    def __str__(self) -> str:
        return self.day.isoformat()
