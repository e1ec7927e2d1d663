"""The accounts of a campaign that have not enrolled, as pages and as a CSV file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Account
from campaigns import audience
from campaigns.models import EnrollmentCampaign, Postponement

PER_PAGE = 50
_AT_ONCE = 1000  # rows of the file per query


@dataclass(frozen=True)
class Page:
    """Accounts that have not enrolled, ordered by id.

    Pass `after` to `missing_accounts` for the next page. It is None on the last page.
    """

    rows: list[Account]
    after: int | None


def missing_accounts(campaign: EnrollmentCampaign, after: int, size: int = PER_PAGE) -> Page:
    """Return a page of accounts with an id above `after`. Each has `times`, its number of postponements."""
    rows = list(_rows(campaign).filter(pk__gt=after)[: size + 1])
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def _rows(campaign: EnrollmentCampaign) -> QuerySet[Account]:
    times = Postponement.objects.filter(campaign=campaign, account=OuterRef("pk")).values("times")
    count = Coalesce(Subquery(times), 0, output_field=IntegerField())
    return audience.missing(campaign).annotate(times=count).order_by("pk")


def headings() -> Sequence[str]:
    """Return the column titles of the file."""
    return _("Account"), _("Name"), _("Has an email address"), _("Times postponed")


def table(campaign: EnrollmentCampaign) -> Iterator[Sequence[object]]:
    """Yield the rows of the file. Each part is read while the file is written."""
    after: int | None = 0
    while after is not None:
        part = missing_accounts(campaign, after, _AT_ONCE)
        for account in part.rows:
            yield account.account_name, account.get_full_name(), bool(account.email), getattr(account, "times", 0)
        after = part.after
