"""Recovery codes in the admin: how many are left. No page shows a hash."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.admin_sections import Section
from backoffice.by_owner import ByOwnerModelAdmin
from mfa_recovery.models import RecoveryCode, RecoveryDevice


@admin.register(RecoveryDevice)
class RecoveryDeviceAdmin(ByOwnerModelAdmin):
    section = Section.ACCOUNTS
    owner = "user"
    list_display = ("owner_link", "codes_left", "created_at", "last_used_at", "disabled_at")
    list_select_related = ("user",)
    fields = (
        "owner_link",
        "codes_left",
        "created_at",
        "last_used_at",
        "throttling_failure_count",
        "throttling_failure_timestamp",
        "disabled_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows, each with the number of unused codes as `left`.

        The subquery counts only for the rows that are shown, not for all.
        """
        rows: QuerySet[Any] = super().get_queryset(request)
        unused = RecoveryCode.objects.filter(device=OuterRef("pk"), used_at=None).order_by().values("device")
        count = Subquery(unused.annotate(count=Count("pk")).values("count"))
        counted: QuerySet[Any] = rows.annotate(left=Coalesce(count, 0))
        return counted

    @admin.display(description=_("codes left"))
    def codes_left(self, row: Any) -> int:
        return int(row.left)
