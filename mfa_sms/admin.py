"""Devices, challenges and messages in the admin: to read, with numbers masked. Nonces are no field anywhere."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk import searching
from accounts.models import Account
from accounts.read_only import ReadOnlyAdmin
from mfa_sms import fates, numbers
from mfa_sms.gateway_admin import GatewayStateAdmin
from mfa_sms.helpdesk import section
from mfa_sms.models import Challenge, SmsDevice, TextMessage

__all__ = ["ChallengeAdmin", "GatewayStateAdmin", "SmsDeviceAdmin", "TextMessageAdmin"]


class _OfAnAccount(ReadOnlyAdmin):
    """Rows of accounts: found by their owner, and leading to the owner's page. `owner` is the path to the account."""

    owner = "user"
    search_help_text = _("Account name, name, or the last 2 to 4 digits of a registered mobile number.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find the accounts first: they are few, and have an index here."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(**{f"{self.owner}__in": searching.account_ids(search_term)}), False

    @admin.display(description=_("account"))
    def owner_link(self, row: Any) -> SafeString:
        """Return the account, as a link to its page."""
        for part in self.owner.split("__"):
            row = getattr(row, part)
        account: Account = row
        return format_html('<a href="{}">{}</a>', reverse("admin:accounts_account_change", args=[account.pk]), account)

    @admin.display(description=_("mobile number"))
    def masked_number(self, row: SmsDevice | TextMessage) -> str:
        """Return the number but for all digits except the last two."""
        return numbers.mask(row.number)


@admin.register(SmsDevice)
class SmsDeviceAdmin(_OfAnAccount):
    """Registered numbers."""

    list_display = ("masked_number", "owner_link", "confirmed", "created_at", "last_used_at", "disabled_at")
    list_filter = ("confirmed",)
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name")
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
class ChallengeAdmin(_OfAnAccount):
    """Codes that were asked for; none of them can be seen."""

    owner = "device__user"
    list_display = ("created_at", "owner_link", "device", "purpose", "outcome", "failures", "expires_at")
    list_filter = ("purpose", "outcome")
    list_select_related = ("device__user",)
    search_fields = ("device__user__username", "device__user__first_name", "device__user__last_name")
    fields = ("owner_link", "device", "purpose", "outcome", "failures", "created_at", "expires_at", "ended_at")


@admin.register(TextMessage)
class TextMessageAdmin(_OfAnAccount):
    """What was sent, and what became of it."""

    owner = "account"
    date_hierarchy = "created_at"
    list_display = ("created_at", "owner_link", "masked_number", "what_for", "fate", "gateway", "tries")
    list_filter = ("status", "purpose", "gateway")
    list_select_related = ("account",)
    # Newest first, and no other way: the table is too long to be sorted for a page.
    sortable_by = ()
    search_fields = ("account__username", "account__first_name", "account__last_name")
    fields = (
        "owner_link",
        "masked_number",
        "what_for",
        "notice",
        "language",
        "fate",
        "status",
        "status_at",
        "created_at",
        "expires_at",
        "tries",
        "gateway",
        "gateway_message_id",
        "error",
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Open on this month: to find which years and months there are reads the whole table."""
        if not request.GET:
            today, query = timezone.localdate(), request.GET.copy()
            query.update({"created_at__year": str(today.year), "created_at__month": str(today.month)})
            request.GET = query  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("purpose"))
    def what_for(self, message: TextMessage) -> str:
        """Return the purpose."""
        return section.purpose(message)

    @admin.display(description=_("status"))
    def fate(self, message: TextMessage) -> str:
        """Return what became of it, as on the account's page."""
        return fates.name(fates.of(message))
