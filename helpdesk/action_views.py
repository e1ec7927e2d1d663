"""The page of an action, and the page that shows the secret that an action has made."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.models import Account
from common.client_info import client_info_of
from common.problem_pages import forbidden
from helpdesk import calls, changes, perform, presses, registry, rules
from helpdesk.forms import ActionForm
from helpdesk.models import ActionRecord
from helpdesk.pages import account_page
from helpdesk.perform import ApprovalRequest
from helpdesk.registry import AccountChanged, ActionRefused, ActionResult, HelpdeskAction, LimitReached
from limits import refusals
from sign_in import kept_forms


@sensitive_post_parameters()
@sensitive_variables("done", "form")
def action_page(request: HttpRequest, account_id: int, slug: str) -> HttpResponse:
    """Ask for proof, case number and note, and perform the action."""
    agent = cast(Account, request.user)
    account = get_object_or_404(Account, pk=account_id)
    action = registry.by_slug(slug)
    if action is None:
        raise Http404
    press = presses.press_of(request)
    earlier = presses.find_record(agent, press)
    if earlier is not None:
        return _repeated(request, account, earlier)
    if not rules.may_perform(agent, action, account):
        return forbidden(request)
    form = _form(request, agent, action, account)
    changed = changes.changes_since(account, press.seen) if press.seen is not None else ()
    if changed:
        return _page(request, action, account, form, changed)
    if request.method != "POST" or not form.is_valid():
        return _page(request, action, account, form)
    try:
        done = perform.perform_action(
            agent,
            action,
            account,
            form.cleaned_data,
            client_info_of(request),
            perform.own_fields(form),
            press,
        )
    except AccountChanged as refused:
        return _page(request, action, account, form, refused.changes)
    except ActionRefused as refused:
        if isinstance(refused, LimitReached):
            refusals.record(refused.refusal, client_info_of(request), account)
        form.add_error(None, str(refused) or _("This cannot be done now."))
        return _page(request, action, account, form)
    return _after(request, action, account, done)


def _form(request: HttpRequest, agent: Account, action: HelpdeskAction, account: Account) -> ActionForm:
    return action.form(
        request.POST if request.method == "POST" else None,
        account=account,
        proves=action.proves,
        cased=action.cased,
        call=calls.open_call(agent, account),
        initial={**_approved_words(agent, action, account), **kept_forms.kept_initial(request, action.form)},
    )


def _page(
    request: HttpRequest, action: HelpdeskAction, account: Account, form: ActionForm, changed: Sequence[str] = ()
) -> HttpResponse:
    """Render the form. It carries what the agent sees now, and a key that stays the same until it is accepted.

    `changed` says what has changed since the agent opened the page.
    """
    return account_page(
        request,
        "helpdesk/action.html",
        action.verb,
        account,
        action=action,
        form=form,
        call=form.call,
        proof=calls.proof_words(form.call.proof, form.call.proof_detail) if form.call and action.proves else "",
        remarks=action.remarks(account),
        key=request.POST.get("press") or presses.new_key(),
        seen=changes.newest_change(account),
        **_approval(cast(Account, request.user), action, account),
        changes=changed,
    )


def _repeated(request: HttpRequest, account: Account, record: ActionRecord) -> HttpResponse:
    """Give the second press of a button the result of the first."""
    return _after_record(request, account, record, _("This has been done."))


def _after(
    request: HttpRequest, action: HelpdeskAction, account: Account, done: ActionResult | ApprovalRequest
) -> HttpResponse:
    """Redirect after the action, so that a reload does not repeat it."""
    if isinstance(done, ApprovalRequest):
        messages.info(request, _("Another agent must approve it first. Come back to this page within an hour."))
        return redirect("admin:helpdesk_action", account.pk, action.slug)
    return _after_record(request, account, ActionRecord.objects.get(pk=done.record_id or 0), done.said)


def _after_record(request: HttpRequest, account: Account, record: ActionRecord, said: str) -> HttpResponse:
    if presses.read_secret(request, record) is not None:
        return redirect("admin:helpdesk_result", record.pk)
    messages.success(request, said)
    return redirect("admin:accounts_account_change", account.pk)


@sensitive_variables("done")
def result_page(request: HttpRequest, record_id: int) -> HttpResponse:
    """Show the secret that the agent's action has made. A reload shows it again, until it is read out or too old."""
    agent = cast(Account, request.user)
    record = get_object_or_404(ActionRecord.objects.select_related("account"), pk=record_id, agent=agent)
    if request.method == "POST":
        presses.forget_secret(record)
        return redirect("admin:accounts_account_change", record.account_id)
    action = registry.by_slug(record.action)
    done = presses.read_secret(request, record)
    title = action.verb if action else record.action
    response = account_page(request, "helpdesk/secret.html", title, record.account, action=action, done=done)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _approval(agent: Account, action: HelpdeskAction, account: Account) -> dict[str, Any]:
    if not rules.needs_approval(action, account):
        return {}
    approved = rules.approved(agent, action, account)
    return {"needs_approval": approved is None, "approved": approved, "waiting": rules.waiting(agent, action, account)}


def _approved_words(agent: Account, action: HelpdeskAction, account: Account) -> dict[str, str]:
    """Return the values of the approved request, so that the agent does not type them again."""
    found = rules.approved(agent, action, account) if rules.needs_approval(action, account) else None
    if found is None:
        return {}
    document, _separator, end = found.proof_detail.partition(":")
    said = {"proof": found.proof, "case_number": found.case_number, "note": found.note, "device": found.device}
    return {**said, "document": document, "document_end": end, **found.said}
