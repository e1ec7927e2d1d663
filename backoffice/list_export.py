"""The export of admin lists as files, with the list's filters and columns."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.conf import settings
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import ManyToOneRel
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import ngettext

from accounts.models import Account
from backoffice import events
from backoffice.permissions import EXPORT_LIST
from common import csv_export
from common.client_info import client_info_of

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = ModelAdmin

_READ_AT_ONCE = 2000


class CsvExportMixin(_Base):
    """Adds a button to a list that downloads it as a CSV file, for users who may export lists.

    The file has the columns of the list, and then the `export_details` of each row. A column is exported as the list
    shows it, unless the admin has a method `export_…` with the column's name, which returns the value as data.
    """

    change_list_template = "backoffice/change_list.html"
    export_details: ClassVar[tuple[str, ...]] = ()

    def may_export(self, request: HttpRequest) -> bool:
        """Return whether the user may view this list and export lists."""
        return self.has_view_permission(request) and request.user.has_perm(EXPORT_LIST)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the button to users who may export."""
        context = {"export_url": reverse(self._export_name) if self.may_export(request) else ""}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    @property
    def _export_name(self) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_export"

    def get_urls(self) -> list[Any]:
        """Add the URL of the export."""
        name = self._export_name.removeprefix("admin:")
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Send the rows of the list, with its filters and search, as a CSV file, newest first.

        Uses the list's own query, so `lookup_allowed` applies. Writes one event before the first row.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        # SECURITY: a user without the button can still send the POST.
        if not self.may_export(request):
            raise PermissionDenied
        try:
            changes = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        columns = [name for name in changes.list_display if name != "action_checkbox"]
        columns += [name for name in self.export_details if name not in columns]
        headings = [capfirst(str(label_for_field(name, self.model, self))) for name in columns]
        events.list_exported(
            cast(Account, request.user), self.opts.label_lower, _detail(changes), client_info_of(request)
        )
        return csv_export.csv_response(str(self.opts.model_name), headings, self._rows(changes.queryset, columns))

    def _rows(self, queryset: Any, columns: list[Any]) -> Iterator[list[object]]:
        most = settings.EXPORT_ROWS_MAX
        rows = queryset.order_by("-pk")[: most + 1]
        for number, row in enumerate(rows.iterator(chunk_size=_READ_AT_ONCE)):
            if number == most:
                yield [
                    ngettext(
                        "The list is longer: only its first row is here. Narrow it down by filters.",
                        "The list is longer: only its first %(rows)s rows are here. Narrow it down by filters.",
                        most,
                    )
                    % {"rows": most}
                ]
                return
            yield [self._shown(name, row) for name in columns]

    def _shown(self, name: Any, row: Any) -> object:
        """Return the value as data if the admin says how, and otherwise as the list shows it."""
        as_data = getattr(self, f"export_{name}", None)
        if as_data is not None:
            return cast(object, as_data(row))
        try:
            field, _attribute, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return None
        if field is None or field.auto_created:
            return cast(object, value)
        if isinstance(field.remote_field, ManyToOneRel):
            return cast(object, getattr(row, field.name))
        if getattr(field, "flatchoices", None):
            return cast(object, dict(field.flatchoices).get(value, ""))
        return cast(object, value)


def _detail(changes: Any) -> str:
    """Return the names of the filters. SECURITY: never the search term, which may be part of a number."""
    names = sorted(changes.get_filters_params())
    return " ".join([*names, SEARCH_VAR] if changes.query else names)
