"""Read-only admin lists of helpdesk actions, approvals and cases. Agents decide and handle them on separate pages."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Case as Choose
from django.db.models import F, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.by_owner import ByOwnerModelAdmin
from common.clock import in_table
from helpdesk import calls, permissions, registry, rules, views
from helpdesk.account_admin import AccountAdmin
from helpdesk.list_filters import ApprovalFilter, CaseFilter
from helpdesk.models import ActionRecord, Approval, Case

__all__ = ["AccountAdmin", "ActionRecordAdmin", "ApprovalAdmin", "CaseAdmin"]

_CASE_HELP = gettext_lazy("Account name, name, the last 2 digits of a registered mobile number, or a case number.")


class _Verb:
    @admin.display(description=gettext_lazy("action"), ordering="action")
    def verb(self, row: ActionRecord | Approval) -> str:
        """Return the action in words."""
        action = registry.by_slug(row.action)
        return str(action.verb) if action else row.action


class ActionFilter(admin.SimpleListFilter):
    """Offers the registered actions. Listing every recorded action would read the whole table."""

    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(action.slug, action.verb) for action in registry.all_actions()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(ActionRecord)
class ActionRecordAdmin(_Verb, ByOwnerModelAdmin):
    """The actions that agents performed, searchable by account, agent or case number."""

    section = Section.HELPDESK
    others = ("agent",)
    moment = "at"
    exactly = ("case_number",)
    search_help_text = _CASE_HELP
    list_display = ("when", "verb", "owner_link", "agent", "proof", "case_number")
    export_details = ("note",)
    list_filter = (ActionFilter, "proof")
    list_select_related = ("account", "agent")
    fields = ("at", "verb", "owner_link", "agent", "proof", "seen", "case_number", "call", "note", "event")

    @admin.display(description=gettext_lazy("what was seen"))
    def seen(self, row: ActionRecord) -> str:
        """Return the proof of identity with what the agent saw."""
        return calls.proof_words(row.proof, row.proof_detail) if row.proof else ""


@admin.register(Approval)
class ApprovalAdmin(_Verb, ByOwnerModelAdmin):
    """Approval requests, undecided ones first. Agents without a permission to approve or view see only their own."""

    section = Section.HELPDESK
    others = ("asked_by",)
    moment = "asked_at"
    exactly = ("case_number",)
    search_help_text = _CASE_HELP
    list_display = ("when", "verb", "owner_link", "asked_by", "standing", "expires_at", "answer")
    export_details = ("proof", "case_number", "note", "decided_by", "decided_at")
    list_filter = (ApprovalFilter,)
    list_select_related = ("account", "asked_by", "decided_by")
    fields = (
        *("verb", "owner_link", "asked_by", "asked_at", "expires_at", "proof", "case_number", "note"),
        *("standing", "decided_by", "decided_at", "answer"),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow also agents who may approve or request approvals."""
        agent = cast(Account, request.user)
        return super().has_view_permission(request, obj) or any(
            rules.may(agent, permission)
            for permission in (permissions.APPROVE_ACTION, permissions.ACT_ON_STAFF_ACCOUNTS)
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the requests that the agent may see."""
        rows: QuerySet[Any] = super().get_queryset(request)
        agent = cast(Account, request.user)
        if rules.may(agent, permissions.APPROVE_ACTION) or rules.may(agent, permissions.VIEW_APPROVAL):
            return rows
        return rows.filter(asked_by=agent)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns. The link to decide is shown only to agents who may open that page."""
        return self._shown_to(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields, filtered like the columns."""
        return self._shown_to(request, super().get_fields(request, obj))

    def _shown_to(self, request: HttpRequest, names: Any) -> Any:
        agent = cast(Account, request.user)
        opens = rules.may(agent, permissions.APPROVE_ACTION) or rules.may(agent, permissions.ACT_ON_STAFF_ACCOUNTS)
        return [name for name in names if name != "answer" or opens]

    def get_ordering(self, request: HttpRequest) -> Any:
        """Order open requests first, then the newest."""
        return [Choose(When(rules.open_approvals(), then=Value(0)), default=Value(1)), "-pk"]

    @admin.display(description=gettext_lazy("outcome"), ordering="outcome")
    def standing(self, row: Approval) -> str:
        """Return the outcome. A request or an approval that was not used in time has expired."""
        over = row.expires_at <= timezone.now() and row.outcome in (Approval.Outcome.WAITING, Approval.Outcome.APPROVED)
        return _("Expired") if over else row.get_outcome_display()

    @admin.display(description=gettext_lazy("answer"))
    def answer(self, row: Approval) -> str:
        """Return a link to the page that decides the request, or an empty string if it can no longer be decided."""
        if row.outcome or row.expires_at <= timezone.now():
            return ""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:helpdesk_decide", args=[row.pk]), _("Open the request")
        )


@admin.register(Case)
class CaseAdmin(ByOwnerModelAdmin):
    """The cases of the helpdesk, open ones first."""

    section = Section.HELPDESK
    change_form_template = "helpdesk/case_row.html"
    moment = "opened_at"
    list_display = ("when", "kind", "owner_link", "event", "standing")
    export_details = ("taken_by", "closed_at", "closed_by", "note")
    list_filter = (CaseFilter, "kind")
    list_select_related = ("account", "event", "taken_by", "closed_by")
    fields = ("kind", "owner_link", "event", "opened_at", "taken_by", "note", "closed_at", "closed_by")

    @admin.display(description=gettext_lazy("status"))
    def standing(self, row: Case) -> str:
        """Return who works on the case, or who closed it and when."""
        if row.closed_at is not None:
            words = {"agent": row.closed_by or "–", "time": in_table(row.closed_at)}
            return _("Closed by %(agent)s, %(time)s") % words
        return _("Taken by %(agent)s") % {"agent": row.taken_by} if row.taken_by else _("Open")

    def get_ordering(self, request: HttpRequest) -> Any:
        """Order open cases first, then the newest."""
        return [F("closed_at").desc(nulls_first=True), "-pk"]

    def get_urls(self) -> list[Any]:
        """Add the page where a case is handled."""
        handle = path("<int:case_id>/handle/", self.admin_site.admin_view(views.case), name="helpdesk_case")
        return [handle, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a link to the case's page to agents who may handle it."""
        row = self.get_object(request, object_id)
        handles = row is not None and row.closed_at is None and rules.may_handle(cast(Account, request.user), row)
        context = {**(extra_context or {}), "handle": row if handles else None}
        return super().change_view(request, object_id, form_url, context)
