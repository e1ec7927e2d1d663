"""Who has not enrolled yet, page by page, and as a file for a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Account
from campaigns import audience
from campaigns.models import EnrollmentCampaign, Postponement

PER_PAGE = 50
_AT_ONCE = 1000  # rows of the file that one query reads


@dataclass(frozen=True)
class Page:
    """Some who are missing, in the order of their ids; `after` is the id that the next page begins after, if any."""

    rows: list[Account]
    after: int | None


def missing_accounts(campaign: EnrollmentCampaign, after: int, size: int = PER_PAGE) -> Page:
    """Return the next of those who are missing, each with `times`: how often it was put off."""
    rows = list(_rows(campaign).filter(pk__gt=after)[: size + 1])
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def _rows(campaign: EnrollmentCampaign) -> QuerySet[Account]:
    times = Postponement.objects.filter(campaign=campaign, account=OuterRef("pk")).values("times")
    count = Coalesce(Subquery(times), 0, output_field=IntegerField())
    return audience.missing(campaign).annotate(times=count).order_by("pk")


def headings() -> Sequence[str]:
    """Return the titles of the file's columns."""
    return _("Account"), _("Name"), _("Mail address known"), _("Put off, times")


def table(campaign: EnrollmentCampaign) -> Iterator[Sequence[object]]:
    """Yield the rows of the file; they are read while it is written."""
    after: int | None = 0
    while after is not None:
        part = missing_accounts(campaign, after, _AT_ONCE)
        for account in part.rows:
            yield account.account_name, account.get_full_name(), bool(account.email), getattr(account, "times", 0)
        after = part.after
