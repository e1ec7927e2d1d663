"""Devices, challenges and messages in the admin: to read, with numbers masked. Nonces are no field anywhere."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.read_only import ReadOnlyAdmin
from mfa_sms import numbers
from mfa_sms.models import Challenge, SmsDevice, TextMessage


class _MaskedNumber:
    @admin.display(description=_("mobile number"))
    def masked_number(self, row: SmsDevice | TextMessage) -> str:
        """Return the number but for all digits except the last two."""
        return numbers.mask(row.number)


@admin.register(SmsDevice)
class SmsDeviceAdmin(_MaskedNumber, ReadOnlyAdmin):
    """Registered numbers."""

    list_display = ("user", "masked_number", "confirmed", "created_at", "last_used_at", "disabled_at")
    list_filter = ("confirmed",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = (
        "user",
        "masked_number",
        "confirmed",
        "created_at",
        "last_used_at",
        "throttling_failure_count",
        "throttling_failure_timestamp",
        "unanswered_messages",
        "disabled_at",
    )


@admin.register(Challenge)
class ChallengeAdmin(ReadOnlyAdmin):
    """Codes that were asked for; none of them can be seen."""

    list_display = ("created_at", "device", "purpose", "outcome", "failures", "expires_at")
    list_filter = ("purpose", "outcome")
    list_select_related = ("device",)
    fields = ("device", "purpose", "outcome", "failures", "created_at", "expires_at", "ended_at")


@admin.register(TextMessage)
class TextMessageAdmin(_MaskedNumber, ReadOnlyAdmin):
    """What was sent, and what became of it."""

    list_display = ("created_at", "account", "masked_number", "purpose", "status", "gateway", "tries")
    list_filter = ("status", "purpose", "gateway")
    list_select_related = ("account",)
    search_fields = ("account__username",)
    fields = (
        "account",
        "masked_number",
        "purpose",
        "notice",
        "language",
        "status",
        "status_at",
        "created_at",
        "expires_at",
        "tries",
        "gateway",
        "gateway_message_id",
        "error",
    )
