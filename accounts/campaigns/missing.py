"""Who has not enrolled yet, page by page, and as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.campaigns import audience
from accounts.models import Account, EnrollmentCampaign, Postponement

PER_PAGE = 50
_AT_ONCE = 1000  # rows of the file that one query reads
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Page:
    """Some who are missing, in the order of their ids; `after` is the id that the next page begins after, if any."""

    rows: list[Account]
    after: int | None


def page(campaign: EnrollmentCampaign, after: int, size: int = PER_PAGE) -> Page:
    """Return the next of those who are missing, each with `times`: how often it was put off."""
    rows = list(_rows(campaign).filter(pk__gt=after)[: size + 1])
    return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def _rows(campaign: EnrollmentCampaign) -> QuerySet[Account]:
    times = Postponement.objects.filter(campaign=campaign, account=OuterRef("pk")).values("times")
    count = Coalesce(Subquery(times), 0, output_field=IntegerField())
    return audience.missing(campaign).annotate(times=count).order_by("pk")


def table(campaign: EnrollmentCampaign) -> Iterator[Sequence[object]]:
    """Return the rows of the file, the title first, in the language of the page that asks for them.

    They are read while the file is written, when no language is chosen any more.
    """
    titles = (_("Account"), _("Name"), _("Mail address known"), _("Put off, times"))
    return _table(campaign, titles, (_("No"), _("Yes")))


def _table(
    campaign: EnrollmentCampaign, titles: Sequence[object], words: tuple[str, str]
) -> Iterator[Sequence[object]]:
    yield titles
    after: int | None = 0
    while after is not None:
        part = page(campaign, after, _AT_ONCE)
        for account in part.rows:
            times = getattr(account, "times", 0)
            yield account.account_name, account.get_full_name(), words[bool(account.email)], times
        after = part.after


def stream(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield rows as lines of CSV with semicolons, as a Danish spreadsheet reads it, after a byte order mark.

    SECURITY: a cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    yield "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=";").writerow([_guarded(str(cell)) for cell in row])
        yield line.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
