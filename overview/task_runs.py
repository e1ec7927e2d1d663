"""The last run of each scheduled task."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from overview.models import TaskRun


def record(task: str, took: timedelta, *, succeeded: bool) -> None:
    """Count a run that ended now. Several workers may call this at once."""
    now = timezone.now()
    TaskRun.objects.bulk_create([TaskRun(task=task)], ignore_conflicts=True)
    changed = {"runs": F("runs") + 1, "seconds": took.total_seconds()}
    changed |= {"succeeded_at": now} if succeeded else {"failures": F("failures") + 1}
    TaskRun.objects.filter(pk=task).update(**changed)
