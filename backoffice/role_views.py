"""The page on which administrators give an account a role."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from backoffice import role_assignment, roles
from backoffice.permissions import ASSIGN_ROLE
from common.client_info import client_info_of
from sign_in.guards import step_up_for


class RoleForm(forms.Form):
    """One role, or none."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(roles.LABELS.items()))


def may_assign(request: HttpRequest) -> bool:
    """Return whether the user may give roles to others."""
    return bool(request.user.has_perm(ASSIGN_ROLE))


@step_up_for(may_assign)
def role_page(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show the role of an account, and change it on POST."""
    account, actor = get_object_or_404(Account, pk=account_id), cast(Account, request.user)
    form = RoleForm(request.POST or None, initial={"role": role_assignment.current_role(account)})
    if request.method == "POST" and form.is_valid():
        try:
            role_assignment.assign_role(account.pk, form.cleaned_data["role"], actor, client_info_of(request))
        except role_assignment.RoleRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The role has been changed. All sessions of the account have ended."))
            return redirect("admin:accounts_account_change", account.pk)
    context: dict[str, Any] = {"title": _("Role in the admin"), "account": account, "form": form}
    return render(request, "backoffice/role.html", {**admin.site.each_context(request), **context})
