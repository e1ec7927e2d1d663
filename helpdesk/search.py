"""The helpdesk's search: one field for whatever a caller says."""

from dataclasses import dataclass
from typing import cast

from django.contrib.admin import site
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.models import Account
from backoffice import account_search, finders
from backoffice.finders import OtherRow
from common.client_info import ClientInfo, client_info_of
from common.problem_pages import forbidden
from helpdesk import panel

VIEW_ACCOUNT = "accounts.view_account"
_SHOWN = 50
_LONGEST = 200  # characters; longer than any name or address


@dataclass(frozen=True)
class FoundAccount:
    """One account of the results, with its states in words."""

    account: Account
    state: str


@dataclass(frozen=True)
class Results:
    """The accounts and other rows that a search has found, at most `_SHOWN` accounts, and sentences for the agent."""

    accounts: list[FoundAccount]
    rows: list[OtherRow]
    said: list[str]
    has_more: bool

    @property
    def only_url(self) -> str:
        """The URL of the only other row, or "" unless there is exactly one result."""
        return self.rows[0].url if len(self.rows) == 1 and not self.accounts else ""

    @property
    def only_account(self) -> Account | None:
        """The only account, if it is the only result."""
        return self.accounts[0].account if len(self.accounts) == 1 and not self.rows else None


@sensitive_post_parameters("q")
@sensitive_variables("typed")
def search_page(request: HttpRequest) -> HttpResponse:
    """Search for a posted text, and open the only result. No term is ever in a URL."""
    agent = cast(Account, request.user)
    if not agent.has_perm(VIEW_ACCOUNT):
        return forbidden(request)
    typed = request.POST.get("q", "").replace("\0", "").strip()[:_LONGEST]
    results = search(agent, typed, client_info_of(request)) if typed else None
    if results is not None and results.only_account is not None:
        return redirect("admin:accounts_account_change", results.only_account.pk)
    if results is not None and results.only_url:
        return redirect(results.only_url)
    context = {"title": _("Search"), "typed": typed, "results": results, "findable": finders.findable()}
    return render(request, "helpdesk/search.html", {**site.each_context(request), **context})


@sensitive_variables("typed")
def search(agent: Account, typed: str, client: ClientInfo) -> Results:
    """Return what the text means: what the finders know by its form, and otherwise the accounts of that name."""
    findings = finders.findings(agent, typed, client)
    found = Q(pk__in={pk for finding in findings for pk in finding.accounts})
    if not any(finding.accounts or finding.rows or finding.said for finding in findings):
        found = account_search.search_condition(typed)
    accounts = list(Account.objects.filter(found).order_by("username")[: _SHOWN + 1])
    return Results(
        accounts=[FoundAccount(account, panel.state_words(account)) for account in accounts[:_SHOWN]],
        rows=[row for finding in findings for row in finding.rows],
        said=[finding.said for finding in findings if finding.said],
        has_more=len(accounts) > _SHOWN,
    )
