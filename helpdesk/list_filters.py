"""Filters of the lists of approvals and cases: the agent's own, open and closed ones."""

from abc import abstractmethod
from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from helpdesk import rules

MINE, OPEN, CLOSED = "mine", "open", "closed"


class StandingFilter(admin.SimpleListFilter):
    """Offers the agent's own rows, open rows and closed rows."""

    title = _("status")
    parameter_name = "standing"

    @abstractmethod
    def mine(self, agent: Account) -> Q:
        """Return the condition for the agent's own rows."""

    @abstractmethod
    def open_rows(self) -> Q:
        """Return the condition for rows that wait for an agent."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(MINE, _("mine")), (OPEN, _("open")), (CLOSED, _("closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "mine":
                return queryset.filter(self.mine(cast(Account, request.user)))
            case "open":
                return queryset.filter(self.open_rows())
            case "closed":
                return queryset.exclude(self.open_rows())
        return queryset


class ApprovalFilter(StandingFilter):
    """Approvals. An agent's own are those that the agent requested or decided."""

    def mine(self, agent: Account) -> Q:
        return Q(asked_by=agent) | Q(decided_by=agent)

    def open_rows(self) -> Q:
        return rules.open_approvals()


class CaseFilter(StandingFilter):
    """Cases. An agent's own are those that the agent has taken and not closed."""

    def mine(self, agent: Account) -> Q:
        return Q(taken_by=agent, closed_at=None)

    def open_rows(self) -> Q:
        return Q(closed_at=None)
