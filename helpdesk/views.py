"""The pages of approvals and cases, styled like the admin."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.models import Account
from common.client_info import client_info_of
from common.problem_pages import forbidden
from helpdesk import calls, cases, perform, registry, rules
from helpdesk.forms import NoteForm
from helpdesk.models import Approval, Case
from helpdesk.pages import account_page
from helpdesk.registry import HelpdeskAction
from sign_in import kept_forms, methods


def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Show another agent's request, and approve or refuse it."""
    agent = cast(Account, request.user)
    approval = get_object_or_404(Approval.objects.select_related("account", "asked_by"), pk=approval_id)
    if not rules.may_see(agent, approval):
        return forbidden(request)
    outcome = {"approve": Approval.Outcome.APPROVED, "refuse": Approval.Outcome.REFUSED}.get(
        request.POST.get("answer", "")
    )
    if request.method == "POST" and outcome:
        if perform.decide(agent, approval, outcome, client_info_of(request)):
            messages.success(request, _("Your answer has been saved."))
        else:
            messages.error(request, _("You cannot answer this, or it has been answered or has expired."))
        return redirect("admin:helpdesk_approval_changelist")
    action = registry.by_slug(approval.action)
    return account_page(
        request,
        "helpdesk/decide.html",
        _("Approve or refuse"),
        approval.account,
        approval=approval,
        action=action,
        device=_device_words(approval),
        proof=calls.proof_words(approval.proof, approval.proof_detail),
        details=_details(action, approval),
        may_decide=rules.may_decide(agent, approval),
    )


def _details(action: HelpdeskAction | None, approval: Approval) -> list[str]:
    """Return one line for each of the action's own fields, with the label from its form."""
    fields = action.form(account=approval.account).fields if action else {}
    known = {name: value for name, value in approval.said.items() if name in fields}
    return [f"{fields[name].label}: {_shown(fields[name], value)}" for name, value in known.items()]


def _shown(field: Any, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value == "True" else _("No")
    choices = {str(choice): str(words) for choice, words in getattr(field, "choices", ())}
    return choices.get(value, value)


def _device_words(approval: Approval) -> str:
    """Return the device of the request in words, or an empty string if it names none or the device is gone."""
    for option in methods.devices(approval.account_id):
        if option.device.persistent_id == approval.device:
            return f"{option.method.label} {option.description.seen}"
    return ""


def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take, note or close a case."""
    agent = cast(Account, request.user)
    row = get_object_or_404(Case.objects.select_related("account", "taken_by", "closed_by"), pk=case_id)
    if not rules.may_handle(agent, row):
        return forbidden(request)
    answer = request.POST.get("do", "")
    form = NoteForm(request.POST if answer in ("note", "close") else None, initial=_note_of(request, row))
    if answer == "take" or form.is_valid():
        return _handled(request, agent, row, answer, form)
    return account_page(request, "helpdesk/case.html", row.get_kind_display(), row.account, case=row, form=form)


def _note_of(request: HttpRequest, row: Case) -> dict[str, Any]:
    return {"note": row.note, **kept_forms.kept_initial(request, NoteForm)}


def _handled(request: HttpRequest, agent: Account, row: Case, answer: str, form: NoteForm) -> HttpResponse:
    client = client_info_of(request)
    if answer == "take":
        done = cases.take_case(agent, row, request.POST.get("taken_by", ""), client)
    elif answer == "close":
        done = cases.close_case(agent, row, form.cleaned_data["note"], client)
    else:
        done = cases.note_case(agent, row, form.cleaned_data["note"])
    if done:
        messages.success(request, _("The case has been saved."))
    else:
        messages.error(request, _("Someone else has taken or closed the case in the meantime."))
    return redirect("admin:helpdesk_case_changelist" if done and answer == "close" else request.path)
