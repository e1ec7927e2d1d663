"""Recovery codes in the admin: how many are left, never what is kept of one."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.read_only import ReadOnlyAdmin
from mfa_recovery.models import RecoveryDevice


@admin.register(RecoveryDevice)
class RecoveryDeviceAdmin(ReadOnlyAdmin):
    """Who has recovery codes."""

    list_display = ("user", "codes_left", "created_at", "last_used_at", "disabled_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = (
        "user",
        "codes_left",
        "created_at",
        "last_used_at",
        "throttling_failure_count",
        "throttling_failure_timestamp",
        "disabled_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with their unused codes counted."""
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(left=Count("codes", filter=Q(codes__used_at=None)))
        return counted

    @admin.display(description=_("codes left"), ordering="left")
    def codes_left(self, row: Any) -> int:
        """Return how many codes are unused."""
        return int(row.left)
