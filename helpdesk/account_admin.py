"""Accounts in the admin: read-only, with the helpdesk actions for their owner."""

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts import states
from accounts.models import Account
from backoffice import account_search, role_views
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from backoffice.search_terms import open_term
from campaigns import audience
from helpdesk import action_views, call_views, calls, panel, registry, search, views
from sessions.limits import in_background
from sign_in.methods import device_rows

_STATES = {
    "blocked": (_("blocked"), states.blocked_condition),
    "reported": (_("reported by the user"), lambda: Q(reported_at__isnull=False)),
    "must_renew": (_("password must be renewed"), lambda: Q(must_renew_since__isnull=False)),
}


class StateFilter(admin.SimpleListFilter):
    """Offers the states in which an account cannot be used as usual."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _condition) in _STATES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = _STATES.get(self.value() or "")
        return queryset.filter(chosen[1]()) if chosen else queryset


@admin.register(Account)
class AccountAdmin(ReadOnlyModelAdmin):
    """An account's data, its status, and the helpdesk actions for it. The password hash is deliberately not a field."""

    section = Section.ACCOUNTS
    change_form_template = "helpdesk/account.html"

    list_display = ("username", "first_name", "last_name", "is_student", "is_employee", "is_active", "state")
    list_filter = ("is_student", "is_employee", "is_active", "is_staff", StateFilter)
    search_fields = ("username", "first_name", "last_name")
    search_help_text = _(
        "Account name, name or the last 2 digits of a mobile number. You can combine them. "
        "Or the reference from a page."
    )
    ordering = ("username",)
    sortable_by = ("username",)
    fields = (
        ("username", "first_name", "last_name"),
        "email",
        ("is_student", "is_employee"),
        ("is_active", "is_staff", "is_superuser"),
        ("blocked_at", "blocked_until"),
        ("reported_at", "protected_since"),
        ("password_changed_at", "must_renew_since"),
        "language",
        "created_at",
        "groups",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields. Groups are shown for staff accounts only."""
        return [name for name in super().get_fields(request, obj) if name != "groups" or (obj and obj.is_staff)]

    @admin.display(description=_("state"))
    def state(self, row: Account) -> str:
        """Return the states in which the account cannot be used as usual, in words."""
        return panel.state_words(row)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Account | None:
        """Return the account, annotated with its device tables and more, to save the panel queries."""
        accounts = audience.with_deciding(device_rows.with_held(self.get_queryset(request)))
        accounts = calls.with_open_call(accounts, cast(Account, request.user))
        try:
            return registry.annotated(accounts).get(pk=int(object_id))
        except (Account.DoesNotExist, ValueError, OverflowError):
            return None

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what an owner says on the phone, such as a name or the last digits of a number."""
        return queryset.filter(account_search.search_condition(search_term)), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the account if the search finds exactly one."""
        only = None
        if set(request.GET) == {"q"} and self.has_view_permission(request):
            only = account_search.only_one(open_term(request.GET["q"]))
        if only:
            return redirect("admin:accounts_account_change", only)
        return super().changelist_view(request, extra_context)

    def get_urls(self) -> list[Any]:
        """Add the search, and the pages of actions and of approvals."""
        view = self.admin_site.admin_view
        return [
            path("search/", view(search.search_page), name="helpdesk_search"),
            path("<int:account_id>/panel/", in_background(view(self.panel_view)), name="helpdesk_panel"),
            path("<int:account_id>/action/<slug:slug>/", view(action_views.action_page), name="helpdesk_action"),
            path("action-result/<int:record_id>/", view(action_views.result_page), name="helpdesk_result"),
            path("<int:account_id>/call/", view(call_views.call_page), name="helpdesk_call"),
            path("<int:account_id>/role/", view(role_views.role_page), name="backoffice_role"),
            path("approval/<int:approval_id>/", view(views.decide), name="helpdesk_decide"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the panel with status, history and actions above the fields."""
        context["panel"] = _panel(request, context["original"])
        context["assigns_role"] = role_views.may_assign(request) and context["original"].pk != request.user.pk
        return super().render_change_form(request, context, *args, **kwargs)

    def panel_view(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Return the panel alone. The page of the account polls it, which does not count as activity in the session."""
        account = self.get_object(request, str(account_id))
        if account is None:
            raise Http404
        if not self.has_view_permission(request, account):
            raise PermissionDenied
        return render(request, "helpdesk/_panel.html", {"panel": _panel(request, account)})


def _panel(request: HttpRequest, account: Account) -> panel.Panel:
    return panel.account_panel(cast(Account, request.user), account, request.GET.get("show", ""))
