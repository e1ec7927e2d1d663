"""The base admin for rows that belong to an account."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from backoffice import account_search
from backoffice.read_only import ReadOnlyModelAdmin
from common.clock import in_table
from common.references import parse_reference


class ByOwnerModelAdmin(ReadOnlyModelAdmin):
    """Lists rows of accounts, searched by owner.

    Each row links to the owner's page and shows its time as an agent says it on the phone. `owner` is the path to the
    account, and `others` are paths to further accounts that the search matches. `moment` is the field of the time.
    `exactly` are indexed fields that must equal the whole typed text.
    """

    owner = "account"
    others: tuple[str, ...] = ()
    moment = "created_at"
    exactly: tuple[str, ...] = ()
    # Django shows the search box only if this is not empty. `get_search_results` does the search.
    search_fields = ("pk",)
    search_help_text = _("Account name, name, or the last 2 digits of a registered mobile number.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find the accounts first. They are few, and every list has an index on them."""
        typed = search_term.strip()
        if not typed:
            return queryset, False
        for field in self.exactly:
            found = queryset.filter(**{f"{field}__in": {typed, typed.upper(), parse_reference(typed) or typed}})
            if found.exists():
                return found, False
        accounts = account_search.account_ids(typed)
        meant = Q()
        for path in (self.owner, *self.others):
            meant |= Q(**{f"{path}__in": accounts})
        return queryset.filter(meant), False

    @admin.display(description=_("account"))
    def owner_link(self, row: Any) -> SafeString | str:
        """Return the account as a link to its page, or an empty string if the row has no account."""
        for part in self.owner.split("__"):
            row = getattr(row, part)
        if row is None:
            return ""
        account: Account = row
        return format_html('<a href="{}">{}</a>', reverse("admin:accounts_account_change", args=[account.pk]), account)

    @admin.display(description=_("time"))
    def when(self, row: Any) -> str:
        """Return the time as "today at 14:05 (2 min. ago)"."""
        return in_table(getattr(row, self.moment))

    def export_when(self, row: Any) -> datetime:
        """Return the time for an exported list."""
        return cast(datetime, getattr(row, self.moment))
