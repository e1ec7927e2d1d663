"""The base of every model admin: read-only rows that can be exported."""

from typing import Any, ClassVar

from django.contrib.admin.options import ShowFacets
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from backoffice.admin_sections import Section
from backoffice.change_list import CappedChangeList, CappedPaginator
from backoffice.list_export import CsvExportMixin
from backoffice.search_terms import seal_term


class ReadOnlyModelAdmin(CsvExportMixin):
    """Shows rows to users with view permission. Rows cannot be added, changed or deleted. A list can be exported.

    A list has one order, that of an index, because sorting a long table for each page is too slow. The rows behind each
    filter are not counted, for the same reason.
    """

    section: ClassVar[Section]
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    sortable_by: ClassVar[Any] = ()
    list_per_page = 50
    paginator = CappedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the change list that ignores other orders."""
        return CappedChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list. Redirect a posted search to a URL that contains the encrypted term."""
        if request.method != "POST" or SEARCH_VAR not in request.POST:
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        query = request.GET.copy()
        query.pop(SEARCH_VAR, None)
        if sealed := seal_term(request.POST[SEARCH_VAR]):
            query[SEARCH_VAR] = sealed
        return redirect(f"{request.path}?{query.urlencode()}")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow only the lookups of the list's own filters and date hierarchy.

        SECURITY: Django allows any lookup on a local field. So `?number__startswith=` would reveal a masked number
        digit by digit, and `?password__startswith=` a hash.
        """
        dates = [f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")] if self.date_hierarchy else []
        own = [getattr(one, "parameter_name", one) for one in self.list_filter]
        return lookup.removesuffix("__exact") in own or lookup in dates

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
