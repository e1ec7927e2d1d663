"""The search for the reference of a page: the account, the event or the count of refusals that it leads to."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import Account
from audit import refusals
from audit.models import SecurityEvent
from backoffice import account_search
from backoffice.finders import Finding, OtherRow, register_finder
from backoffice.permissions import VIEW_SECURITY_EVENT
from common.client_info import ClientInfo
from common.references import parse_reference

_MOST = 20


def find_by_reference(agent: Account, typed: str, client: ClientInfo) -> Finding | None:
    """Return what the request with that reference wrote, or None if the text is no reference or nothing was written.

    Some names have the form of a reference, so a text that is not found is no error: it may be a name.
    """
    reference = parse_reference(typed)
    if not reference or not agent.has_perm(VIEW_SECURITY_EVENT):
        return None
    accounts = account_search.accounts_of_reference(reference)
    rows = [] if accounts else _rows(reference)
    return Finding(accounts, rows) if accounts or rows else None


def _rows(reference: str) -> list[OtherRow]:
    events = SecurityEvent.objects.filter(reference=reference, account=None).order_by("-at")[:_MOST]
    found = [OtherRow(str(event), reverse("admin:audit_securityevent_change", args=[event.pk])) for event in events]
    counts = refusals.counts_of_reference(reference)[:_MOST]
    return found + [OtherRow(str(row), reverse("admin:audit_refusalcount_change", args=[row.pk])) for row in counts]


def register_all() -> None:
    register_finder(gettext_lazy("a reference from a page"), find_by_reference)
