"""Security events in the admin: read-only, by month, by owner."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit import refusals
from audit.kinds import describe_reason, find_kind
from audit.models import RefusalCount, SecurityEvent
from backoffice.admin_sections import Section
from backoffice.by_month import ByMonthModelAdmin
from backoffice.by_owner import ByOwnerModelAdmin
from common.references import parse_reference


@admin.register(SecurityEvent)
class SecurityEventAdmin(ByMonthModelAdmin, ByOwnerModelAdmin):
    """The list of security events, newest first."""

    section = Section.AUDIT_LOG
    moment = "at"
    exactly = ("reference",)
    search_help_text = _("Account name, name, the last 2 digits of a registered mobile number, or a reference.")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    list_display = ("when", "kind", "owner_link", "actor", "why", "address", "reference")
    export_details = ("detail", "method", "device_id", "browser")
    list_filter = ("kind",)
    list_select_related = ("account", "actor")
    fields = (
        *("at", "kind", "owner_link", "actor", "why", "detail"),
        *("method", "device_id", "address", "browser", "reference"),
    )

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
