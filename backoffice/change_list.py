"""The list of rows as the admin shows it: one order, a capped count, and searches whose URLs hold no term."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.search_terms import open_term, seal_term

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator


class CappedPaginator(_Paginator):
    """Counts and shows at most `MOST` rows. Users search a table of two million rows instead of paging through it."""

    MOST = 5000

    @cached_property
    def _found(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        return rows.order_by()[: self.MOST + 1].count()

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most `MOST`."""
        return min(self._found, self.MOST)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than the paginator counts and shows."""
        return self._found > self.MOST


class _SearchForm(ChangeListSearchForm):
    def clean(self) -> dict[str, Any]:
        """Open the sealed term."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned[SEARCH_VAR] = open_term(cleaned.get(SEARCH_VAR) or "")
        if "\0" in cleaned[SEARCH_VAR]:
            cleaned[SEARCH_VAR] = ""
        return cleaned


class CappedChangeList(ChangeList):
    """The rows of a page of a list."""

    search_form_class = _SearchForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = str(capfirst(self.opts.verbose_name_plural))
        if self.query:
            self.params[SEARCH_VAR] = seal_term(self.query)
            self.filter_params[SEARCH_VAR] = [self.params[SEARCH_VAR]]
            self.preserved_filters = urlencode({"_changelist_filters": urlencode(self.params)})

    def get_ordering_field(self, field_name: Any) -> Any:
        """Return the field to sort by, if the list's headings offer it. Ignores other fields in the URL."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None

    @property
    def search_url(self) -> str:
        """The URL to which a search is posted: the filters remain, and a search covers every month."""
        dates = [f"{self.date_hierarchy}__"] if self.date_hierarchy else []
        return self.get_query_string(remove=[SEARCH_VAR, *dates])

    @property
    def said(self) -> str:
        """The number of rows in words."""
        if getattr(self.paginator, "is_capped", False):
            return _("more than %(count)s") % {"count": number_format(self.result_count, force_grouping=True)}
        text = ngettext("%(count)s result", "%(count)s results", self.result_count)
        return text % {"count": number_format(self.result_count, force_grouping=True)}
