"""The base of every admin here."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.list_export import ExportMixin

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


class ReadOnlyAdmin(ExportMixin):
    """Shows rows to whoever may view them, and lets nobody add, change or delete one. A list can be exported."""

    show_full_result_count = False
    list_per_page = 50
    paginator = CappedPaginator

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow what the list's own filters ask for.

        SECURITY: Django allows any lookup on a local field, so that `?number__startswith=` would tell a masked number
        digit by digit, and `?password__startswith=` a hash.
        """
        dates = [f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")] if self.date_hierarchy else []
        return lookup.removesuffix("__exact") in self.list_filter or lookup in dates

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
