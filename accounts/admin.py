"""Accounts, their events, and what became of these, in the admin: to read, not to change."""

from django.contrib import admin

from accounts.models import Account, Case, Notice, SecurityEvent
from accounts.policy_admin import MethodPolicyAdmin
from accounts.read_only import ReadOnlyAdmin

__all__ = ["AccountAdmin", "CaseAdmin", "MethodPolicyAdmin", "NoticeAdmin", "SecurityEventAdmin"]


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

    list_display = ("at", "kind", "account", "actor", "reason", "address", "reference")
    list_filter = ("kind",)
    list_select_related = ("account", "actor")
    search_fields = ("account__username", "reference")
    fields = (
        *("at", "kind", "account", "actor", "reason", "detail"),
        *("method", "device_id", "address", "browser", "reference"),
    )


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What owners were told by mail."""

    list_display = ("created_at", "kind", "account", "sent_at", "tries")
    list_filter = ("kind",)
    list_select_related = ("account",)
    search_fields = ("account__username",)
    fields = ("kind", "account", "event", "created_at", "tries", "tried_at", "sent_at")


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """What the helpdesk must look into."""

    list_display = ("opened_at", "kind", "account", "event", "taken_by", "closed_at")
    list_filter = ("kind",)
    list_select_related = ("account", "event", "taken_by")
    search_fields = ("account__username",)
    fields = ("kind", "account", "event", "opened_at", "taken_by", "closed_at")
