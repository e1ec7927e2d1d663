"""The base of every admin here."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib.admin.options import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from backoffice.admin_sections import Section
from backoffice.list_export import CsvExportMixin

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator


class CappedPaginator(_Paginator):
    """Counts no further than `MOST` rows, and shows no more: a list of two million is searched, not leafed through."""

    MOST = 5000

    @cached_property
    def count(self) -> int:
        """The number of rows, at most `MOST`."""
        rows = cast("QuerySet[Any]", self.object_list)
        return rows.order_by()[: self.MOST].count()


class _List(ChangeList):
    def get_ordering_field(self, field_name: Any) -> Any:
        """Return what the list is sorted by on demand: only what its headings offer, whatever the address says."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


class ReadOnlyModelAdmin(CsvExportMixin):
    """Shows rows to whoever may view them, and lets nobody add, change or delete one. A list can be exported.

    Lists are in the order of an index, and no other: a long table cannot be sorted for a page. Nor are the rows behind
    each filter counted.
    """

    section: ClassVar[Section]
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    sortable_by: ClassVar[Any] = ()
    list_per_page = 50
    paginator = CappedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that keeps to its order."""
        return _List

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow what the list's own filters ask for.

        SECURITY: Django allows any lookup on a local field, so that `?number__startswith=` would tell a masked number
        digit by digit, and `?password__startswith=` a hash.
        """
        dates = [f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")] if self.date_hierarchy else []
        own = [getattr(one, "parameter_name", one) for one in self.list_filter]
        return lookup.removesuffix("__exact") in own or lookup in dates

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
