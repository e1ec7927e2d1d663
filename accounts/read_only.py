"""The base of every admin here."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = ModelAdmin


class ReadOnlyAdmin(_Base):
    """Shows rows to whoever may view them, and lets nobody add, change or delete one."""

    show_full_result_count = False
    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow what the list's own filters ask for.

        SECURITY: Django allows any lookup on a local field, so that `?number__startswith=` would tell a masked number
        digit by digit, and `?password__startswith=` a hash.
        """
        return lookup.removesuffix("__exact") in self.list_filter

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
