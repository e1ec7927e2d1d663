"""Read-only admin for devices, challenges and messages. Numbers are masked, and nonces are never shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.admin_sections import Section
from backoffice.by_month import ByMonthModelAdmin
from backoffice.by_owner import ByOwnerModelAdmin
from mfa_sms import delivery_status, gateways, numbers
from mfa_sms.gateway_admin import GatewayStateAdmin
from mfa_sms.helpdesk import section
from mfa_sms.models import Challenge, SmsDevice, TextMessage
from mfa_sms.prefix_admin import PrefixBlockAdmin

__all__ = ["ChallengeAdmin", "GatewayStateAdmin", "PrefixBlockAdmin", "SmsDeviceAdmin", "TextMessageAdmin"]


class GatewayFilter(admin.SimpleListFilter):
    """Filters by configured gateway. Listing every gateway ever used would read the whole table."""

    title = _("gateway")
    parameter_name = "gateway"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(gateway.slug, gateway.slug) for gateway in gateways.configured()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the messages that the chosen gateway accepted, or that it was the last to try."""
        return queryset.filter(gateway=self.value()) if self.value() else queryset


class _WithNumber(ByOwnerModelAdmin):
    @admin.display(description=_("mobile number"))
    def masked_number(self, row: SmsDevice | TextMessage) -> str:
        """Return the number masked except for its last two digits."""
        return numbers.mask_number(row.number)

    def export_masked_number(self, row: SmsDevice | TextMessage) -> str:
        """Return the masked number without a plus first, which a spreadsheet would run as a formula."""
        country, _space, rest = numbers.mask_number(row.number).partition(" ")
        return f"({country}) {rest}" if rest else ""


@admin.register(SmsDevice)
class SmsDeviceAdmin(_WithNumber):
    section = Section.ACCOUNTS
    owner = "user"
    list_display = ("masked_number", "owner_link", "confirmed", "created_at", "last_used_at", "disabled_at")
    list_filter = ("confirmed",)
    list_select_related = ("user",)
    fields = (
        "owner_link",
        "masked_number",
        "confirmed",
        "by_agent",
        "created_at",
        "last_used_at",
        "throttling_failure_count",
        "throttling_failure_timestamp",
        "unanswered_messages",
        "disabled_at",
    )


@admin.register(Challenge)
class ChallengeAdmin(ByOwnerModelAdmin):
    """Requested codes. The code itself is never stored, so the admin cannot show it."""

    section = Section.MESSAGES
    owner = "device__user"
    list_display = ("when", "owner_link", "device", "purpose", "outcome", "failures", "expires_at")
    export_details = ("ended_at",)
    list_filter = ("purpose", "outcome")
    list_select_related = ("device__user",)
    fields = ("owner_link", "device", "purpose", "outcome", "failures", "created_at", "expires_at", "ended_at")


@admin.register(TextMessage)
class TextMessageAdmin(ByMonthModelAdmin, _WithNumber):
    """Messages with their delivery status."""

    section = Section.MESSAGES
    date_hierarchy = "created_at"
    list_display = ("when", "owner_link", "masked_number", "what_for", "fate", "gateway", "tries")
    export_details = ("notice", "language", "status_at", "expires_at", "gateway_message_id", "error")
    list_filter = ("status", "purpose", GatewayFilter)
    list_select_related = ("account",)
    ordering = ("-created_at", "-pk")
    fields = (
        "owner_link",
        "masked_number",
        "what_for",
        "notice",
        "language",
        "fate",
        "status_at",
        "created_at",
        "expires_at",
        "tries",
        "gateway",
        "gateway_message_id",
        "error",
    )

    @admin.display(description=_("purpose"))
    def what_for(self, message: TextMessage) -> str:
        return section.purpose(message)

    @admin.display(description=_("status"))
    def fate(self, message: TextMessage) -> str:
        """Return the delivery status in the same words as the account's page."""
        return delivery_status.status_name(delivery_status.delivery_status(message))
