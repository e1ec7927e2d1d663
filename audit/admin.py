"""Security events in the admin: read-only, by month, by owner."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.kinds import describe_reason
from audit.models import SecurityEvent
from backoffice.admin_sections import Section
from backoffice.by_month import ByMonthModelAdmin
from backoffice.by_owner import ByOwnerModelAdmin


@admin.register(SecurityEvent)
class SecurityEventAdmin(ByMonthModelAdmin, ByOwnerModelAdmin):
    """The list of security events, newest first."""

    section = Section.AUDIT_LOG
    moment = "at"
    exactly = ("reference",)
    search_help_text = _("Account name, name, the last 2 to 4 digits of a registered mobile number, or a reference.")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    list_display = ("when", "kind", "owner_link", "actor", "why", "address", "reference")
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
