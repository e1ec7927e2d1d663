"""Accounts, their events, and what became of these, in the admin: to read, not to change."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.helpdesk import panel, views
from accounts.helpdesk_admin import AgentActAdmin, ApprovalAdmin, CaseAdmin
from accounts.models import Account, Notice, SecurityEvent
from accounts.policy_admin import MethodPolicyAdmin
from accounts.read_only import ReadOnlyAdmin

__all__ = [
    "AccountAdmin",
    "AgentActAdmin",
    "ApprovalAdmin",
    "CaseAdmin",
    "MethodPolicyAdmin",
    "NoticeAdmin",
    "SecurityEventAdmin",
]


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    """Who someone is, how they stand, and what an agent can do for them. The password's hash is no field here."""

    change_form_template = "admin/helpdesk/account.html"

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

    def get_urls(self) -> list[Any]:
        """Add the pages of acts and of approvals."""
        view = self.admin_site.admin_view
        return [
            path("<int:account_id>/act/<slug:slug>/", view(views.act), name="helpdesk_act"),
            path("approval/<int:approval_id>/", view(views.decide), name="helpdesk_decide"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the panel, the last rows of each kind, and what this agent can do, above the fields."""
        account = self.get_object(request, object_id)
        context = {**(extra_context or {})}
        if account is not None and self.has_view_permission(request, account):
            context["panel"] = panel.of(cast(Account, request.user), account)
        return super().change_view(request, object_id, form_url, context)


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
