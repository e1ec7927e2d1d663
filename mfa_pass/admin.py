"""Access passes in the admin: who gave which to whom, never what is kept of one."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from mfa_pass.models import AccessPass


@admin.register(AccessPass)
class AccessPassAdmin(ReadOnlyAdmin):
    """Who has an access pass."""

    list_display = ("user", "created_at", "expires_at", "single_use", "used_at", "created_by", "disabled_at")
    list_select_related = ("user", "created_by")
    search_fields = ("user__username",)
    fields = (
        *("user", "created_by", "created_at", "expires_at", "single_use", "used_at"),
        *("throttling_failure_count", "throttling_failure_timestamp", "disabled_at"),
    )
