"""The base of every model admin: read-only rows that can be exported."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib.admin.options import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from backoffice.admin_sections import Section
from backoffice.list_export import CsvExportMixin

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator


class CappedPaginator(_Paginator):
    """Counts and shows at most `MOST` rows. Users search a table of two million rows instead of paging through it."""

    MOST = 5000

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most `MOST`."""
        rows = cast("QuerySet[Any]", self.object_list)
        return rows.order_by()[: self.MOST].count()


class _List(ChangeList):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = str(capfirst(self.opts.verbose_name_plural))

    def get_ordering_field(self, field_name: Any) -> Any:
        """Return the field to sort by, if the list's headings offer it. Ignores other fields in the URL."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


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
        return _List

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
