"""Recent activity of a service, for its page in the admin."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from sso.models import Client, ServiceRefusal

_DAYS = 14
_REFUSALS = 20


@dataclass(frozen=True)
class Day:
    """The sign-ins of one day, and how many people they were."""

    day: date
    sign_ins: int
    people: int


@dataclass(frozen=True)
class Activity:
    """The last days, the last refusals, and the logouts that the service was not told of."""

    days: list[Day]
    refusals: list[ServiceRefusal]
    failed_logouts: int


def activity_of(client: Client) -> Activity:
    """Return the activity of a service."""
    since = timezone.now() - timedelta(days=_DAYS)
    rows = (
        client.grants.filter(created_at__gte=since)
        .annotate(day=TruncDate("created_at"))
        .values("day")
        .annotate(sign_ins=Count("pk"), people=Count("account", distinct=True))
        .order_by("-day")
    )
    failed = client.logouts.filter(sent_at=None, tries__gte=settings.SSO_LOGOUT_TRIES).count()
    days = [Day(row["day"], row["sign_ins"], row["people"]) for row in rows]
    return Activity(days, list(client.refusals.all()[:_REFUSALS]), failed)


def is_unused(client: Client) -> bool:
    """Return whether the service has been unused for as long as its grants are kept."""
    return client.last_used_at is None or client.last_used_at < timezone.now() - settings.SSO_GRANTS_KEPT
