"""Failure rates of codes by gateway and by country."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import phonenumbers
from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Substr, TruncHour
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import languages
from mfa_sms import numbers
from mfa_sms.models import Attempt, TextMessage
from mfa_sms.overview.messages import of_hours
from overview import charts
from overview.affiliation_columns import affiliation_columns
from overview.content import Content, Table, number, percent
from overview.filters import Filters
from overview.registry import Counted
from overview.rows import Rows

GATEWAYS, COUNTRIES = "gateway_codes", "country_codes"
FEWEST = 20  # with fewer messages a rate is meaningless, and might identify one person
_FAILED, _WELL = "failed", "well"
Status = TextMessage.Status
Outcome = Attempt.Outcome

_NOT_ARRIVED = (Status.UNDELIVERABLE, Status.EXPIRED)
_BAD = (*_NOT_ARRIVED, Status.REJECTED, Status.FAILED, Status.UNKNOWN)
# Not yet known, or not a failure: the code expired before it could be sent.
_OPEN = (Status.QUEUED, Status.SENDING, Status.CANCELLED)


def count_by_gateway(start: datetime, end: datetime) -> Iterator[Counted]:
    """Count the codes of [start, end) that each gateway was asked to carry, by whether it failed.

    A gateway failed if it did not accept the code, or if its receipt says that the code did not arrive. A number that
    cannot receive SMS is not a failure of the gateway.
    """
    codes = of_hours(start, end).exclude(purpose=TextMessage.NOTICE)
    not_arrived = Q(outcome=Outcome.ACCEPTED, message__gateway=F("gateway"), message__status__in=_NOT_ARRIVED)
    failed = not_arrived | ~Q(outcome__in=[Outcome.ACCEPTED, Outcome.REFUSED])
    found = (
        Attempt.objects.filter(message__in=codes.values("pk"))
        .annotate(
            hour=TruncHour("message__created_at", tzinfo=UTC),
            ended=Case(When(failed, then=Value(_FAILED)), default=Value(_WELL), output_field=CharField()),
            **affiliation_columns("message__account"),
        )
        .order_by()
        .values_list("hour", "gateway", "ended", "account_affiliation", "account_language")
        .annotate(count=Count("pk"))
    )
    for hour, gateway, ended, who, language, number_of in found:
        yield Counted(hour, GATEWAYS, f"{ended}:{gateway}", who, language, number_of)


def count_by_country(start: datetime, end: datetime) -> Iterator[Counted]:
    """Count the finished codes of [start, end) by the country of their number, and whether they failed.

    The database groups by the first three digits, which determine the calling code. Full numbers do not leave the
    database.
    """
    found = (
        of_hours(start, end)
        .exclude(purpose=TextMessage.NOTICE)
        .exclude(status__in=_OPEN)
        .exclude(number="")
        .annotate(
            digits=Substr("number", 2, 3, output_field=CharField()),
            ended=Case(When(status__in=_BAD, then=Value(_FAILED)), default=Value(_WELL), output_field=CharField()),
        )
        .values_list("hour", "digits", "ended", "account_affiliation", "account_language")
        .annotate(count=Count("pk"))
    )
    for hour, digits, ended, who, language, number_of in found:
        yield Counted(hour, COUNTRIES, f"{ended}:{_region(digits)}", who, language, number_of)


def _region(digits: str) -> str:
    """Return the country of the calling code at the start of `digits`; the main one if several share it."""
    codes = (digits[:length] for length in (1, 2, 3) if digits[:length].isdecimal())
    code = next((code for code in codes if int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE), "0")
    return str(phonenumbers.region_code_for_country_code(int(code)))


def make_by_gateway(rows: Rows, filters: Filters) -> Content:
    """Return the share of codes that each gateway failed to carry."""
    return _make(rows.total(GATEWAYS), _("Gateway"), {}, _hidden_gateways)


def make_by_country(rows: Rows, filters: Filters) -> Content:
    """Return the share of codes that failed in each country."""
    totals = rows.total(COUNTRIES)
    regions = {label.partition(":")[2] for label in totals}
    language = languages.current()
    named = {region: numbers.country_name(region, language) or _("Another country") for region in regions}
    return _make(totals, _("Country"), named, _hidden_countries)


def _hidden_gateways(count: int) -> str:
    return ngettext(
        "%(count)d gateway is left out, with fewer than %(fewest)d codes.",
        "%(count)d gateways are left out, with fewer than %(fewest)d codes each.",
        count,
    )


def _hidden_countries(count: int) -> str:
    return ngettext(
        "%(count)d country is left out, with fewer than %(fewest)d codes.",
        "%(count)d countries are left out, with fewer than %(fewest)d codes each.",
        count,
    )


def _make(totals: Mapping[str, int], first: str, named: Mapping[str, str], hidden: Callable[[int], str]) -> Content:
    ended: dict[str, dict[str, int]] = defaultdict(dict)
    for label, count in totals.items():
        how, _colon, name = label.partition(":")
        ended[name][how] = count
    shown, left_out = [], 0
    for name, by_end in ended.items():
        failed, everything = by_end.get(_FAILED, 0), sum(by_end.values())
        if everything < FEWEST:
            left_out += 1
        else:
            shown.append((named.get(name, name), failed, everything))
    shown.sort(key=lambda one: (-charts.share(one[1], one[2]), one[0]))
    notes = (hidden(left_out) % {"count": left_out, "fewest": FEWEST},) if left_out else ()
    rows = tuple((name, (failed, everything, percent(failed, everything))) for name, failed, everything in shown)
    table = Table(first, (_("Failed"), _("Codes"), _("Share")), rows)
    if not shown:
        return Content(_("There were too few codes in this period to draw a conclusion."), table, notes=notes)
    worst = shown[0]
    # Translators: %(name)s is a gateway or a country, %(share)s is "3,1 %".
    said = _("Highest share of failed codes: %(name)s, %(share)s.") % {
        "name": worst[0],
        "share": number(percent(worst[1], worst[2])),
    }
    bars = [
        (name, charts.share(failed, everything), number(percent(failed, everything)))
        for name, failed, everything in shown
    ]
    return Content(said, table, lambda slug: charts.bars(slug, bars), notes)
