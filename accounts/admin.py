"""Accounts and their events in the admin: to read, not to change."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Account, SecurityEvent

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = admin.ModelAdmin


class ReadOnlyAdmin(_Base):
    """Shows rows to whoever may view them, and lets nobody add, change or delete one."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    """Who someone is. The password's hash is no field here."""

    list_display = ("username", "first_name", "last_name", "is_student", "is_employee", "is_active")
    list_filter = ("is_student", "is_employee", "is_active", "is_staff")
    search_fields = ("username", "first_name", "last_name")
    ordering = ("username",)
    fields = (
        ("username", "first_name", "last_name"),
        "email",
        ("is_student", "is_employee"),
        ("is_active", "is_staff", "is_superuser"),
        "password_changed_at",
        "language",
        "created_at",
        "groups",
    )


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    """What happened, newest first."""

    list_display = ("at", "kind", "account", "reason", "address", "reference")
    list_filter = ("kind",)
    list_select_related = ("account",)
    search_fields = ("account__username", "reference")
    fields = ("at", "kind", "account", "reason", "detail", "method", "device_id", "address", "browser", "reference")
