"""Records error pages, so that the helpdesk can find their references and refusals to staff are audited.

SECURITY: anonymous visitors can cause any number of error pages, so these are counted and bounded (`audit.refusals`).
Each refusal to a member of staff is an event, up to a limit. Refusals above the limit are only counted.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.models import Account
from audit import refusals as counts
from backoffice import events
from common import references
from common.client_info import ClientInfo, client_info_of
from common.problem_pages import FORBIDDEN
from limits import catalogue, counting, refusals


def record(request: HttpRequest, reason: str) -> None:
    """Record an error page, unless its request has written an event or a count already."""
    client, user = client_info_of(request), getattr(request, "user", None)
    if reason == FORBIDDEN and isinstance(user, Account) and user.is_staff:
        _record_refusal(request, user, client)
    if not references.is_recorded():
        counts.count_refusal(events.PAGE_FAILED, client, reason)


def _record_refusal(request: HttpRequest, agent: Account, client: ClientInfo) -> None:
    with transaction.atomic():
        events.access_refused(agent, _account(request), _page(request), client)
        refusal = counting.take(catalogue.STAFF_REFUSALS_OF_AGENT, str(agent.pk))
        if refusal is not None:
            transaction.set_rollback(True)
    if refusal is not None:
        refusals.record(refusal, client, agent)
        counts.count_refusal(events.PAGE_FAILED, client, FORBIDDEN)


def _page(request: HttpRequest) -> str:
    """Return the method and the name of the URL. SECURITY: never the path, which a request chooses freely."""
    match = request.resolver_match
    name = match.view_name.removeprefix("admin:") if match else ""
    slug = str(match.kwargs.get("slug", "")) if match else ""
    return " ".join(filter(None, (request.method, name, slug)))


def _account(request: HttpRequest) -> Account | None:
    match = request.resolver_match
    account_id: Any = match.kwargs.get("account_id") if match else None
    return Account.objects.filter(pk=account_id).first() if account_id is not None else None
