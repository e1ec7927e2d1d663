"""The pages of acts and approvals, in the look of the admin."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts import methods
from accounts.helpdesk import cases, doing, registry, rules
from accounts.helpdesk.doing import Asked
from accounts.helpdesk.forms import NoteForm
from accounts.helpdesk.registry import Act, ActRefused, Done
from accounts.models import Account, Approval, Case
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
            done = doing.do(agent, what, account, form.cleaned_data, origin_of(request), doing.own_fields(form))
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
    if found is None:
        return {}
    said = {"proof": found.proof, "case_number": found.case_number, "note": found.note, "device": found.device}
    return {**said, **found.said}


def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Show what another agent asks for, and approve or refuse it."""
    agent = cast(Account, request.user)
    approval = get_object_or_404(Approval.objects.select_related("account", "asked_by"), pk=approval_id)
    if not rules.may_see(agent, approval):
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
        device=_device_words(approval),
        details=_details(what, approval),
        may_decide=rules.may_decide(agent, approval),
    )


def _details(what: Act | None, approval: Approval) -> list[str]:
    """Return what else was asked for, a line for each field, in the words of the act's form."""
    fields = what.form(account=approval.account).fields if what else {}
    known = {name: value for name, value in approval.said.items() if name in fields}
    return [f"{fields[name].label}: {_shown(fields[name], value)}" for name, value in known.items()]


def _shown(field: Any, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value == "True" else _("No")
    choices = {str(choice): str(words) for choice, words in getattr(field, "choices", ())}
    return choices.get(value, value)


def _device_words(approval: Approval) -> str:
    """Return the login method that it is about in words, empty where it is about none or that one is gone."""
    for option in methods.devices(approval.account_id):
        if option.device.persistent_id == approval.device:
            return f"{option.method.label} {option.description.seen}"
    return ""


def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take a case, note what was found out, and close it."""
    agent = cast(Account, request.user)
    row = get_object_or_404(Case.objects.select_related("account", "taken_by", "closed_by"), pk=case_id)
    if not rules.may_handle(agent, row):
        return forbidden(request)
    answer = request.POST.get("do", "")
    form = NoteForm(request.POST if answer in ("note", "close") else None, initial={"note": row.note})
    if answer == "take" or form.is_valid():
        return _handled(request, agent, row, answer, form)
    return _page(request, "admin/helpdesk/case.html", row.get_kind_display(), row.account, case=row, form=form)


def _handled(request: HttpRequest, agent: Account, row: Case, answer: str, form: NoteForm) -> HttpResponse:
    origin = origin_of(request)
    if answer == "take":
        done = cases.take(agent, row, request.POST.get("taken_by", ""), origin)
    elif answer == "close":
        done = cases.close(agent, row, form.cleaned_data["note"], origin)
    else:
        done = cases.note(agent, row, form.cleaned_data["note"])
    if done:
        messages.success(request, _("The case has been saved."))
    else:
        messages.error(request, _("Somebody else has taken or closed the case meanwhile."))
    return redirect("admin:accounts_case_changelist" if done and answer == "close" else request.path)


def _page(request: HttpRequest, template: str, title: Any, account: Account, **context: Any) -> HttpResponse:
    back = reverse("admin:accounts_account_change", args=[account.pk])
    return render(
        request, template, {**site.each_context(request), "title": title, "account": account, "back": back, **context}
    )
