"""Account imports in the admin: the list, and a page for each import with its preview."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from account_import import progress, summary, uploads, views
from account_import.models import AccountImport
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin

_LOOK_AGAIN = 3  # seconds until the page of a busy import reloads


@admin.register(AccountImport)
class AccountImportAdmin(ReadOnlyModelAdmin):
    """The uploaded files with their uploader and status. No page shows the file itself."""

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
        """Return the rows without the file contents."""
        rows: QuerySet[Any] = super().get_queryset(request).defer("content")
        return rows

    def get_urls(self) -> list[Any]:
        """Add the pages that upload, apply and drop a file."""
        view = self.admin_site.admin_view
        return [
            path("upload/", view(views.upload), name="import_upload"),
            path("<int:import_id>/apply/", view(views.apply), name="import_apply"),
            path("<int:import_id>/drop/", view(views.drop), name="import_drop"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show a link to the upload page to users who may import."""
        return super().changelist_view(request, {**(extra_context or {}), "may_import": views.may_import(request)})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the changes or the problems of the file. The page reloads itself while the import is busy."""
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
