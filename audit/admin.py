"""Security events in the admin: read-only, by month, by owner."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.kinds import describe_reason, find_kind
from audit.models import RefusalCount, SecurityEvent
from backoffice.admin_sections import Section
from backoffice.by_month import ByMonthModelAdmin
from backoffice.by_owner import ByOwnerModelAdmin


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
    search_fields = ("network", "reference")
    search_help_text = _("An address, or a reference.")
    date_hierarchy = "minute"
    ordering = ("-minute", "-pk")
    list_display = ("minute", "kind", "why", "network", "count", "reference")
    list_filter = ("kind",)
    fields = ("minute", "kind", "why", "network", "count", "reference")

    @admin.display(description=_("reason"))
    def why(self, row: RefusalCount) -> str:
        """Return the reason as a text."""
        kind = find_kind(row.kind)
        return kind.name_reason(row.reason) if kind else row.reason
