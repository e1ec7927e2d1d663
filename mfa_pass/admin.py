"""Access passes in the admin: who issued them, to whom and when. No page shows a hash."""

from django.contrib import admin

from backoffice.admin_sections import Section
from backoffice.by_owner import ByOwnerModelAdmin
from mfa_pass.models import AccessPass


@admin.register(AccessPass)
class AccessPassAdmin(ByOwnerModelAdmin):
    section = Section.ACCOUNTS
    owner = "user"
    list_display = ("owner_link", "created_at", "expires_at", "single_use", "used_at", "created_by", "disabled_at")
    list_select_related = ("user", "created_by")
    fields = (
        *("owner_link", "created_by", "created_at", "expires_at", "single_use", "used_at"),
        *("throttling_failure_count", "throttling_failure_timestamp", "disabled_at"),
    )
