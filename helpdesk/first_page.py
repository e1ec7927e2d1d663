"""The helpdesk's parts of the admin's first page: the search, and what waits for an agent."""

from typing import Any

from django.db.models import Case as Choose
from django.db.models import QuerySet, Value, When

from accounts.models import Account
from backoffice import finders
from helpdesk import permissions, rules
from helpdesk.models import Approval, Case
from helpdesk.search import VIEW_ACCOUNT
from overview.registry import Part, register_part

_SHOWN = 8  # cases; the list has the others


def _search(user: Account) -> dict[str, Any] | None:
    return {"findable": finders.findable()} if rules.may(user, VIEW_ACCOUNT) else None


def _waiting(user: Account) -> dict[str, Any] | None:
    """Return the open cases and the requests that the user may decide, or None for a user who sees neither."""
    sees_cases, decides = rules.may(user, permissions.VIEW_CASE), rules.may(user, permissions.APPROVE_ACTION)
    if not sees_cases and not decides:
        return None
    cases = list(_cases(user)[: _SHOWN + 1]) if sees_cases else []
    return {
        "cases": cases[:_SHOWN],
        "has_more": len(cases) > _SHOWN,
        "approvals": list(_approvals(user)[:_SHOWN]) if decides else [],
    }


def _cases(user: Account) -> QuerySet[Case]:
    """Return the open cases: the user's own, then those not taken yet, then the rest; each group oldest first."""
    place = Choose(When(taken_by=user, then=Value(0)), When(taken_by=None, then=Value(1)), default=Value(2))
    return Case.objects.filter(closed_at=None).select_related("account", "taken_by").order_by(place, "opened_at")


def _approvals(user: Account) -> QuerySet[Approval]:
    open_ones = Approval.objects.filter(rules.open_approvals()).exclude(asked_by=user).exclude(account=user)
    return open_ones.select_related("account", "asked_by").order_by("pk")


def register_all() -> None:
    register_part(Part(10, "helpdesk/_first_search.html", _search))
    register_part(Part(20, "helpdesk/_waiting.html", _waiting))
