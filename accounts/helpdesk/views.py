"""The pages of acts and approvals, in the look of the admin."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.helpdesk import doing, registry, rules
from accounts.helpdesk.doing import Asked
from accounts.helpdesk.registry import Act, ActRefused, Done
from accounts.models import Account, Approval
from accounts.origin import of as origin_of
from accounts.views.problems import forbidden


@sensitive_post_parameters()
@sensitive_variables("done", "form")
def act(request: HttpRequest, account_id: int, slug: str) -> HttpResponse:
    """Ask for proof, case number and note, and do it."""
    agent = cast(Account, request.user)
    account = get_object_or_404(Account, pk=account_id)
    what = registry.by_slug(slug)
    if what is None:
        raise Http404
    if not rules.may_act(agent, what, account):
        return forbidden(request)
    data = request.POST if request.method == "POST" else None
    form = what.form(data, account=account, proves=what.proves, initial=_approved_words(agent, what, account))
    if request.method == "POST" and form.is_valid():
        try:
            done = doing.do(agent, what, account, form.cleaned_data, origin_of(request))
        except ActRefused as refused:
            form.add_error(None, str(refused) or _("This cannot be done now."))
        else:
            return _after(request, what, account, done)
    return _page(
        request, "admin/helpdesk/act.html", what.verb, account, act=what, form=form, **_approval(agent, what, account)
    )


def _after(request: HttpRequest, what: Act, account: Account, done: Done | Asked) -> HttpResponse:
    """Lead back to the account; what is shown once stands in the answer itself, and is kept nowhere."""
    if isinstance(done, Asked):
        messages.info(request, _("Another agent must approve it first. Come back to this page within an hour."))
        return redirect("admin:helpdesk_act", account.pk, what.slug)
    if not done.secret:
        messages.success(request, done.said)
        return redirect("admin:accounts_account_change", account.pk)
    response = _page(request, "admin/helpdesk/secret.html", what.verb, account, act=what, done=done)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _approval(agent: Account, what: Act, account: Account) -> dict[str, Any]:
    if not rules.needs_approval(what, account):
        return {}
    approved = rules.approved(agent, what, account)
    return {"needs_approval": approved is None, "approved": approved, "waiting": rules.waiting(agent, what, account)}


def _approved_words(agent: Account, what: Act, account: Account) -> dict[str, str]:
    """Return what the agent said when asking, so that it need not be typed again."""
    found = rules.approved(agent, what, account) if rules.needs_approval(what, account) else None
    return {"proof": found.proof, "case_number": found.case_number, "note": found.note} if found else {}


def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Show what another agent asks for, and approve or refuse it."""
    agent = cast(Account, request.user)
    approval = get_object_or_404(Approval.objects.select_related("account", "asked_by"), pk=approval_id)
    if not rules.may(agent, "approve_act"):
        return forbidden(request)
    outcome = {"approve": Approval.Outcome.APPROVED, "refuse": Approval.Outcome.REFUSED}.get(
        request.POST.get("answer", "")
    )
    if request.method == "POST" and outcome:
        if doing.decide(agent, approval, outcome, origin_of(request)):
            messages.success(request, _("Your answer has been saved."))
        else:
            messages.error(request, _("You cannot answer this, or it has been answered or has expired."))
        return redirect("admin:accounts_approval_changelist")
    what = registry.by_slug(approval.action)
    return _page(
        request,
        "admin/helpdesk/decide.html",
        _("Approve or refuse"),
        approval.account,
        approval=approval,
        act=what,
        may_decide=rules.may_decide(agent, approval),
    )


def _page(request: HttpRequest, template: str, title: Any, account: Account, **context: Any) -> HttpResponse:
    back = reverse("admin:accounts_account_change", args=[account.pk])
    return render(
        request, template, {**site.each_context(request), "title": title, "account": account, "back": back, **context}
    )
