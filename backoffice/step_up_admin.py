"""The base of model admins whose rows can be edited."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from backoffice.read_only import ReadOnlyModelAdmin
from sign_in import kept_forms
from sign_in.guards import step_up_for, step_up_required


def _with_initial(base: Any, kept: dict[str, Any]) -> Any:
    """Return a form class whose fields begin with the kept values instead of those of the row."""

    class KeptForm(base):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), **kept}
            super().__init__(*args, **kwargs)

    return KeptForm


class StepUpModelAdmin(ReadOnlyModelAdmin):
    """Lets users with the permission add and change rows, after a step-up."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return ModelAdmin.has_change_permission(self, request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the form's field. Names the inputs for the date and the time, of which Django names only the pair."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, AdminSplitDateTime):
            for part, name in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {name}"
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Require a step-up from users who may add or change rows. Others see the row read-only."""

        def form_page(request: HttpRequest) -> HttpResponse:
            return super(StepUpModelAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        may_change = self.has_change_permission(request) or self.has_add_permission(request)
        return step_up_required(form_page)(request) if may_change else form_page(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form class. Its form has the fields that were posted before a step-up or a sign-in."""
        base: Any = super().get_form(request, obj, change, **kwargs)
        kept = kept_forms.kept_initial(request, base)
        return _with_initial(base, kept) if kept else base

    def change_page(self, request: HttpRequest, page: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
        """Show another page that changes something, to users with the change permission, after a step-up."""
        return step_up_for(self.has_change_permission)(page)(request)
