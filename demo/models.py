"""How far the demo's history has been written."""

from typing import ClassVar

from django.db import models


class HistoryDay(models.Model):
    """A day of the history. `deeds` of it are written, counted in the transaction that wrote the last one."""

    day = models.DateField(unique=True)
    deeds = models.PositiveIntegerField(default=0)
    finished = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["HistoryDay"]] = models.Manager()

    class Meta:
        verbose_name = "day of the demo's history"
        verbose_name_plural = "days of the demo's history"

    def __str__(self) -> str:
        return self.day.isoformat()
