"""Imports of accounts in the admin: the list of them, and the page of each with its preview."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from account_import import progress, summary, uploads, views
from account_import.models import AccountImport
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin

_LOOK_AGAIN = 3  # seconds after which the page of a busy import loads itself anew


@admin.register(AccountImport)
class AccountImportAdmin(ReadOnlyModelAdmin):
    """What was uploaded, by whom, and what became of it. The file itself is on no page."""

    section = Section.ACCOUNTS
    change_list_template = "account_import/change_list.html"
    change_form_template = "account_import/import.html"
    list_display = ("uploaded_at", "file_name", "uploaded_by", "state", "state_at", "rows", "applied_by")
    list_filter = ("state",)
    list_select_related = ("uploaded_by", "applied_by")
    search_fields = ("file_name", "uploaded_by__username")
    fields = (
        *("uploaded_at", "file_name", "uploaded_by", "deactivate_missing"),
        *("state", "state_at", "rows", "applied_by"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows without their files."""
        rows: QuerySet[Any] = super().get_queryset(request).defer("content")
        return rows

    def get_urls(self) -> list[Any]:
        """Add the pages where a file is uploaded, applied and dropped."""
        view = self.admin_site.admin_view
        return [
            path("upload/", view(views.upload), name="import_upload"),
            path("<int:import_id>/apply/", view(views.apply), name="import_apply"),
            path("<int:import_id>/drop/", view(views.drop), name="import_drop"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead who may on to the page where a file is uploaded."""
        return super().changelist_view(request, {**(extra_context or {}), "may_import": views.may_import(request)})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show what the file changes or what is wrong with it, and look again by itself while it is worked on."""
        row: AccountImport = context["original"]
        busy = row.state in uploads.BUSY
        waits = row.state == AccountImport.State.READY
        context |= {
            "busy": busy,
            "progress": progress.seen(row.pk) if busy else None,
            "note": summary.note_of(row.summary),
            "counts": row.summary.get("counts"),
            "listings": summary.listings(row.summary),
            "problems": summary.problems(row.summary),
            "bad_lines": row.summary.get("errors", 0),
            "apply_form": views.apply_form(row) if waits and views.may_import(request) else None,
            "may_drop": views.may_import(request) and row.state in uploads.DROPPABLE,
        }
        response = super().render_change_form(request, context, *args, **kwargs)
        if busy:
            response.headers["Refresh"] = str(_LOOK_AGAIN)
        return response
