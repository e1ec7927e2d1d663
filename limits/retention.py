"""Deletes the counters whose window is over, and old refusals and alarms."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from common.batches import delete_in_batches
from limits.models import LimitAlarm, LimitCounter, LimitRefusal

_REFUSALS_KEPT = timedelta(days=1)  # far longer than the minute that an event covers
_ALARMS_KEPT = timedelta(days=90)


def purge_old_data() -> dict[str, int]:
    """Delete old rows, and return how many of each kind."""
    now = timezone.now()
    return {
        "counters": delete_in_batches(LimitCounter.objects.filter(ends_at__lte=now).order_by("ends_at")),
        "refusals": _fold_refusals(),
        "alarms": delete_in_batches(LimitAlarm.objects.filter(until__lt=now - _ALARMS_KEPT).order_by("until")),
    }


def _fold_refusals() -> int:
    """Move the totals of old rows to the row of their limit without a party, so that the metric never falls."""
    before = timezone.now() - _REFUSALS_KEPT
    folded = 0
    for name in LimitRefusal.objects.order_by().values_list("limit", flat=True).distinct():
        with transaction.atomic():
            rows = LimitRefusal.objects.filter(limit=name, minute__lt=before).exclude(party="").select_for_update()
            ids = list(rows.values_list("pk", flat=True))
            old = LimitRefusal.objects.filter(pk__in=ids)
            total = old.aggregate(sum=Sum("total"))["sum"] or 0
            kept = {"minute": before, "in_minute": 0, "total": 0}
            row, _made = LimitRefusal.objects.get_or_create(limit=name, party="", defaults=kept)
            LimitRefusal.objects.filter(pk=row.pk).update(total=F("total") + total)
            folded += old.delete()[0]
    return folded
