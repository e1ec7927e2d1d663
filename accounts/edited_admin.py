"""The base of the few admins whose rows are edited."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse

from accounts.read_only import ReadOnlyAdmin
from accounts.views.guards import step_up_required
from accounts.views.problems import forbidden


class EditedAdmin(ReadOnlyAdmin):
    """Lets whoever has the permission add and change rows, once a second factor was proven a short while ago."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever has the permission."""
        return ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever has the permission."""
        return ModelAdmin.has_change_permission(self, request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask who may change something for a second factor first."""

        def form_page(request: HttpRequest) -> HttpResponse:
            return super(EditedAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        may_change = self.has_change_permission(request) or self.has_add_permission(request)
        return step_up_required(form_page)(request) if may_change else form_page(request)

    def changing(self, request: HttpRequest, page: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
        """Show a page of its own that changes something, to whom the form would be shown."""
        return step_up_required(page)(request) if self.has_change_permission(request) else forbidden(request)
