"""The figures of methods in use and of locked devices."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.models import Device

from overview import charts
from overview.affiliation_columns import affiliation_columns
from overview.content import Content, Table, number
from overview.filters import Filters
from overview.registry import Counted
from overview.rows import Now, Rows
from sign_in import methods
from sign_in.methods import throttling

METHODS, LOCKED = "methods", "locked"
_FOR_GOOD, _WAITS = "for_good", "waits"


def measure_methods(hour: datetime) -> Iterator[Counted]:
    """Count active accounts with a device of each self-service method, labeled with the method's slug."""
    for method in methods.all_methods():
        for model in method.models if method.enrollment_url else ():
            found = (
                _of_active(model)
                .values_list("account_affiliation", "account_language")
                .annotate(count=Count("user", distinct=True))
            )
            for who, language, count in found:
                yield Counted(hour, METHODS, method.slug, who, language, count)


def measure_locked(hour: datetime) -> Iterator[Counted]:
    """Count devices of active accounts that the helpdesk must unlock, or that wrong codes locked temporarily."""
    for method in methods.all_methods():
        for model in method.models:
            yield from _locked(hour, method.slug, model)


def _locked(hour: datetime, slug: str, model: type[Device]) -> Iterator[Counted]:
    fields = {field.name for field in model._meta.get_fields()}
    devices: Any = _of_active(model)
    if "disabled_at" in fields:
        for_good = (
            devices.exclude(disabled_at=None)
            .values_list("account_affiliation", "account_language")
            .annotate(count=Count("pk"))
        )
        for who, language, count in for_good:
            yield Counted(hour, LOCKED, f"{slug}:{_FOR_GOOD}", who, language, count)
        devices = devices.filter(disabled_at=None)
    if "throttling_failure_count" not in fields:
        return
    now = timezone.now()
    slowed = devices.filter(
        throttling_failure_count__gte=settings.CODE_FAILURES_TO_LOCK,
        throttling_failure_timestamp__gt=now - settings.CODE_THROTTLE_MAX,
    ).values_list("account_affiliation", "account_language", "throttling_failure_count", "throttling_failure_timestamp")
    for who, language, failures, last in slowed:
        until = throttling.locked_until(failures, last)
        yield Counted(hour, LOCKED, f"{slug}:{_WAITS}", who, language, int(until is not None and until > now))


def _of_active(model: type[Device]) -> Any:
    found = model._default_manager.filter(confirmed=True, user__is_active=True)
    return found.annotate(**affiliation_columns("user")).order_by()


def say_locked(now: Now) -> str:
    """Return a sentence with the number of locked devices, split into permanent and temporary locks."""
    stands = now.latest(LOCKED)
    if stands is None:
        return _("Locked login methods have not been counted yet.")
    if not stands:
        return _("No login method is locked now.")
    for_good, waits = (
        sum(value for label, value in stands.items() if label.endswith(f":{kind}")) for kind in (_FOR_GOOD, _WAITS)
    )
    said = {"all": number(for_good + waits), "for_good": number(for_good), "waits": number(waits)}
    return (
        ngettext(
            "%(all)s login method is locked now: %(for_good)s until IT Support helps and %(waits)s for a few minutes.",
            "%(all)s login methods are locked now: "
            "%(for_good)s until IT Support helps and %(waits)s for a few minutes.",
            for_good + waits,
        )
        % said
    )


def make_methods_figure(rows: Rows, filters: Filters) -> Content:
    """Return the figure of accounts per method, from the latest measurement."""
    counted = rows.latest(METHODS)
    labels = {method.slug: str(method.label) for method in methods.all_methods()}
    found = sorted(((labels.get(slug, slug), count) for slug, count in counted.items()), key=lambda one: -one[1])
    table = Table(_("Method"), (_("Accounts"),), tuple((name, (count,)) for name, count in found))
    if not found:
        return Content(_("Nothing has been counted in this period."), table)
    said = ngettext(
        "“%(method)s” is used most, by %(count)s account.",
        "“%(method)s” is used most, by %(count)s accounts.",
        found[0][1],
    )
    said %= {"method": found[0][0], "count": number(found[0][1])}
    bars = [(name, float(count), number(count)) for name, count in found]
    note = _("An account with two methods counts under both. Recovery codes count while they are registered.")
    return Content(said, table, lambda slug: charts.bars(slug, bars), (note,))
