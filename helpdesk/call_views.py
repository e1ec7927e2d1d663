"""The page of a call: who is calling, how that was checked, and what was done."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.models import Account
from common import typed_codes
from common.client_info import client_info_of
from common.problem_pages import forbidden
from helpdesk import caller_codes, calls, permissions, rules, timeline
from helpdesk.forms import ActionForm
from helpdesk.models import Call
from helpdesk.pages import account_page
from helpdesk.registry import ActionRefused
from sign_in import kept_forms
from sign_in.verification import Verdict


class CallForm(ActionForm):
    """The form that begins a call: its case number, and the proof of identity if there is one already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]
        if self.call is None:
            self.fields["proof"].required = False
            self.fields["proof"].help_text = gettext_lazy("You can check it in the course of the call.")


class CallerCodeForm(forms.Form):
    """The form for the code that the caller reads out."""

    use_required_attribute = False

    code = forms.CharField(
        label=gettext_lazy("The code that the caller reads out"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 8}),
        error_messages={"required": gettext_lazy("Enter the code.")},
    )

    def clean_code(self) -> str:
        """Return six digits. Raise `ValidationError` for anything else."""
        code = typed_codes.parse_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(_("The code has 6 digits."))
        return code


@sensitive_post_parameters()
def call_page(request: HttpRequest, account_id: int) -> HttpResponse:
    """Begin a call, check the caller, and end the call."""
    agent = cast(Account, request.user)
    account = get_object_or_404(Account, pk=account_id)
    if not (rules.may(agent, permissions.TAKE_CALL) and rules.may_touch(agent, account)):
        return forbidden(request)
    call = calls.open_call(agent, account)
    done = request.POST.get("do", "")
    form = _form(request, account, call, bound=done == ("prove" if call else "begin"))
    code_form = CallerCodeForm(request.POST if done == "answer" else None)
    try:
        if _did(request, agent, account, call, done, form, code_form):
            return redirect("admin:accounts_account_change" if done == "end" else "admin:helpdesk_call", account.pk)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("admin:helpdesk_call", account.pk)
    if call is None and request.method == "POST" and done != "begin":
        messages.error(request, _("The call has ended. Begin a new one."))
    return _page(request, account, call, form, code_form)


def _form(request: HttpRequest, account: Account, call: Call | None, *, bound: bool) -> CallForm:
    initial = kept_forms.kept_initial(request, CallForm)
    return CallForm(request.POST if bound else None, account=account, call=call, initial=initial)


@sensitive_variables("code_form")
def _did(
    request: HttpRequest,
    agent: Account,
    account: Account,
    call: Call | None,
    done: str,
    form: CallForm,
    code_form: CallerCodeForm,
) -> bool:
    """Perform the step of the pressed button. Return whether it succeeded."""
    client = client_info_of(request)
    if call is None:
        if done != "begin" or not form.is_valid():
            return False
        calls.begin(agent, account, form.cleaned_data, client)
        return True
    if done == "prove" and form.is_valid() and not call.proof:
        calls.prove(call, form.cleaned_data, client)
    elif done == "ask":
        messages.info(request, caller_codes.ask(call, request.POST.get("device", ""), client))
    elif done == "answer" and code_form.is_valid():
        return _answered(request, caller_codes.answer(call, code_form.cleaned_data["code"], client), code_form)
    elif done == "end":
        calls.end(call)
        messages.success(request, _("The call has ended."))
    else:
        return False
    return True


def _answered(request: HttpRequest, verdict: Verdict, code_form: CallerCodeForm) -> bool:
    if verdict is Verdict.RIGHT:
        messages.success(request, _("The code is right. It counts as the proof of identity until the call ends."))
        return True
    words = {
        Verdict.EXPIRED: _("The code no longer works. Ask for a new one."),
        Verdict.USED: _("The code has been used. Wait until the app shows another one."),
    }
    code_form.add_error("code", words.get(verdict, _("The code is wrong. Ask the caller to read it out again.")))
    return False


def _page(
    request: HttpRequest, account: Account, call: Call | None, form: CallForm, code_form: CallerCodeForm
) -> HttpResponse:
    title = _("Call %(reference)s") % {"reference": call.reference} if call else _("Begin a call")
    return account_page(
        request,
        "helpdesk/call.html",
        title,
        account,
        call=call,
        form=form,
        code_form=code_form,
        devices=caller_codes.devices(account) if call else (),
        proof=calls.proof_words(call.proof, call.proof_detail) if call else "",
        rows=timeline.call_rows(call) if call else (),
    )
