"""Security events in the admin: read-only, by month, by owner."""

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit import refusals, services
from audit.kinds import describe_detail, describe_reason, find_kind
from audit.models import RefusalCount, SecurityEvent
from backoffice.admin_sections import Section
from backoffice.by_month import ByMonthModelAdmin
from backoffice.by_owner import ByOwnerModelAdmin
from common.references import parse_reference

_GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class _ServiceFilter(admin.SimpleListFilter):
    """The events about one service."""

    title = _("service")
    parameter_name = "service"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return services.service_choices()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return _of_services(queryset, [self.value()]) if self.value() else queryset


def _of_services(queryset: Any, ids: Iterable[str | None]) -> Any:
    """Return the events about these services. Their details begin with the id."""
    meant = Q(pk=None)
    for service in ids:
        meant |= Q(detail=service) | Q(detail__startswith=f"{service} ")
    return queryset.filter(meant, kind__in=services.service_kinds())


@admin.register(SecurityEvent)
class SecurityEventAdmin(ByMonthModelAdmin, ByOwnerModelAdmin):
    """The list of security events, newest first."""

    section = Section.AUDIT_LOG
    moment = "at"
    exactly = ("reference",)
    search_help_text = _(
        "Account name, name, the last 2 digits of a registered mobile number, a service, or a reference."
    )
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    list_display = ("when", "kind", "service", "owner_link", "actor", "why", "address", "reference")
    export_details = ("detail", "method", "device_id", "browser")
    list_filter = ("kind", _ServiceFilter)
    list_select_related = ("account", "actor")
    fields = (
        *("at", "kind", "service", "owner_link", "actor", "why", "in_detail"),
        *("method_name", "device_id", "address", "browser", "reference"),
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find the events about a service, or of Microsoft's request, or of an account."""
        typed = search_term.strip()
        ids = services.service_ids(typed)
        if ids:
            return _of_services(queryset, ids), False
        if _GUID.fullmatch(typed):
            return queryset.filter(kind__in=services.service_kinds(), detail__contains=typed), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("service"))
    def service(self, event: SecurityEvent) -> str:
        """Return the name of the service that the event is about."""
        return services.service_of(event)

    @admin.display(description=_("detail"))
    def in_detail(self, event: SecurityEvent) -> str:
        """Return the detail as a text, if its kind has words for it."""
        return describe_detail(event)

    @admin.display(description=_("method"))
    def method_name(self, event: SecurityEvent) -> str:
        """Return the name of the method's app, of which the event stores the label."""
        app = apps.app_configs.get(event.method)
        return str(app.verbose_name) if app else event.method

    @admin.display(description=_("reason"))
    def why(self, event: SecurityEvent) -> str:
        """Return the reason as a text."""
        return describe_reason(event)


@admin.register(RefusalCount)
class RefusalCountAdmin(ByMonthModelAdmin):
    """The list of refusals without an account, newest first."""

    section = Section.AUDIT_LOG
    search_fields = ("network",)
    search_help_text = _("An address, or a reference from a page.")
    date_hierarchy = "minute"
    ordering = ("-minute", "-pk")
    list_display = ("minute", "kind", "why", "network", "count")
    export_details = ("shown_references",)
    list_filter = ("kind",)
    fields = ("minute", "kind", "why", "network", "count", "shown_references")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find an address from its beginning, or a reference."""
        reference, typed = parse_reference(search_term), search_term.strip()
        if reference:
            return queryset & refusals.counts_of_reference(reference), False
        return (queryset.filter(network__startswith=typed) if typed else queryset), False

    @admin.display(description=_("reason"))
    def why(self, row: RefusalCount) -> str:
        """Return the reason as a text."""
        kind = find_kind(row.kind)
        return kind.name_reason(row.reason) if kind else row.reason
