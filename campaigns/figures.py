"""What campaigns bring to the overview: how many of each audience are enrolled, and the target of each campaign."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Min, QuerySet
from django.utils import timezone

from campaigns import audience
from campaigns.models import EnrollmentCampaign
from overview import enrollment, registry
from overview.content import percent
from overview.models import HourlyFigure
from overview.registry import Counted, Gauge
from overview.rows import Rows
from overview.targets import Target, TargetSource

CAMPAIGNS = "campaigns"


def register_all() -> None:
    """Register it; once, when the app is loaded."""
    registry.register_gauge(Gauge(CAMPAIGNS, measure_campaigns))
    registry.register_target_source(TargetSource(enrollment.FIGURE, CAMPAIGNS, find_targets))


def measure_campaigns(hour: datetime) -> Iterator[Counted]:
    """Count the audience of each open campaign and its enrolled part, labeled "7:all" and "7:enrolled" by campaign id.

    Each hour repeats the campaign's first measurement, labeled "7:all_first" and "7:enrolled_first".
    """
    for campaign in _open_campaigns(timezone.now()):
        first = _first_rows(campaign)
        for who, language, everybody, some in enrollment.count_enrolled(audience.everyone(campaign)):
            yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:all", who, language, everybody)
            yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:enrolled", who, language, some)
            if not first:
                yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:all_first", who, language, everybody)
                yield Counted(hour, CAMPAIGNS, f"{campaign.pk}:enrolled_first", who, language, some)
        for row in first:
            yield Counted(hour, CAMPAIGNS, row.label, row.affiliation, row.language, row.value)


def find_targets(rows: Rows) -> list[Target]:
    """Return the target of each open campaign that was counted; the first deadline comes first."""
    counted = rows.latest(CAMPAIGNS)
    targets = []
    for campaign in _open_campaigns(rows.at).order_by("deadline"):
        everybody = counted.get(f"{campaign.pk}:all_first", 0)
        share = percent(counted.get(f"{campaign.pk}:enrolled_first", 0), everybody)
        if share is not None:
            targets.append(Target(campaign.name, campaign.opens_at, campaign.deadline, share))
    return targets


def _open_campaigns(now: datetime) -> QuerySet[EnrollmentCampaign]:
    return EnrollmentCampaign.objects.filter(opens_at__lte=now, deadline__gt=now)


def _first_rows(campaign: EnrollmentCampaign) -> Sequence[HourlyFigure]:
    labels = [f"{campaign.pk}:all_first", f"{campaign.pk}:enrolled_first"]
    rows = HourlyFigure.objects.filter(series=CAMPAIGNS, label__in=labels)
    first = rows.aggregate(first=Min("hour"))["first"]
    return list(rows.filter(hour=first)) if first else []
