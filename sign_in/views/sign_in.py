"""The pages of the sign-in: account name, password, choice of method, remember me."""

import time
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp.models import Device

from accounts import language
from accounts.account_names import parse_account_name
from accounts.models import Account
from common.client_info import ClientInfo, client_info_of
from common.problems import flow_expired
from common.typed_fields import typed
from limits import catalogue, counting, refusals
from limits.limit import Refusal
from sign_in import (
    code_budget,
    enrollment,
    external_mfa,
    flow,
    human_check,
    known_browsers,
    methods,
    password_check,
    services,
    step_up,
)
from sign_in import remember_me as stay_question
from sign_in.forms import AccountNameForm, PasswordForm
from sign_in.guards import is_verified
from sign_in.known_browsers import KnownAccounts
from sign_in.password_check import PasswordOutcome
from sign_in.pending import FlowPurpose, PendingSignIn
from sign_in.problems import (
    account_blocked,
    already_signed_in,
    method_forbidden,
    must_renew_password,
    passwords_unavailable,
    too_many_codes_of_account,
)
from sign_in.views.check_page import check_page

_REMEMBERED_NAME = "__Host-name" if settings.SECURE else "name"
_REMEMBERED_NAME_LIFE = timedelta(days=180)  # a semester: a remembered user types the name once a semester


@require_http_methods(["GET", "HEAD", "POST"])
def account_name(request: HttpRequest) -> HttpResponse:
    """Ask for the account name (E1, S1). Redirects a verified user to the URL in `next`."""
    next_url = services.asked_destination(request)
    if flow.is_signed_in(request) and is_verified(request.user):
        if next_url and request.method != "POST":
            return HttpResponseRedirect(next_url)
        raise already_signed_in()
    if request.method != "POST":
        return ask_account_name(request)
    form = AccountNameForm(request.POST)
    context = {"form": form, "next": next_url}
    if form.is_valid():
        client = client_info_of(request)
        answer = human_check.answer_of(request, client.network)
        refusal = _begun_too_often(request, client, answer)
        if refusal is not None:
            return check_page(request, "sign_in/account_name.html", context, refusal, answer)
        flow.begin(request, form.cleaned_data["account_name"], next_url)
        return redirect("sign_in:password")
    return render(request, "sign_in/account_name.html", context)


def ask_account_name(request: HttpRequest) -> HttpResponse:
    """Return the empty page for the account name. Its form contains the destination, regardless of its length."""
    name = services.expected_name(request) or _remembered_name(request)
    form = AccountNameForm(initial={"account_name": name, **typed(request, "account_name")})
    return render(request, "sign_in/account_name.html", {"form": form, "next": services.asked_destination(request)})


def _begun_too_often(request: HttpRequest, client: ClientInfo, answer: human_check.Answer) -> Refusal | None:
    """Count a sign-in that adds a session. Return the refusal if there are too many and no human check passes it."""
    if request.session.session_key is not None:
        return None
    known = KnownAccounts.of_request(request).key
    refusal = counting.take(catalogue.SIGN_INS_BEGUN, counting.digest(known) if known else client.network or "")
    if refusal is None or answer.use():
        return None
    refusals.record(refusal, client)
    return refusal


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for the password (E2, S2)."""
    pending = flow.current_flow(request)
    if pending is None:
        if flow.is_signed_in(request):
            raise already_signed_in()
        if request.method == "POST":
            raise flow_expired()
        return redirect("sign_in:account_name")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, client = parse_account_name(pending.account_name), client_info_of(request)
        known, answer = KnownAccounts.of_request(request), human_check.answer_of(request, client.network)
        result = password_check.check_password(name, form.cleaned_data["password"], client, known, answer)
        if result.outcome is PasswordOutcome.RIGHT and result.account is not None:
            flow.password_accepted(request, pending, result.account)
            return redirect("sign_in:verify")
        if result.outcome is PasswordOutcome.TOO_OLD:
            return redirect("sign_in:password_too_old")
        if result.outcome is PasswordOutcome.BLOCKED:
            raise account_blocked(result.until)
        if result.outcome is PasswordOutcome.MUST_RENEW:
            raise must_renew_password()
        if result.outcome is PasswordOutcome.UNAVAILABLE:
            raise passwords_unavailable()
        if result.refusal is not None:
            context = {"form": PasswordForm(), "account_name": pending.account_name}
            return check_page(request, "sign_in/password.html", context, result.refusal, answer)
        form.add_error("password", _refusal(result))
        if result.outcome is PasswordOutcome.WRONG_DOMAIN and result.account is not None:
            # Only the password has to be typed again.
            pending = replace(pending, account_name=str(result.account.account_name))
            flow.begin(request, result.account.account_name, pending.next)
    return render(request, "sign_in/password.html", {"form": form, "account_name": pending.account_name})


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Let the user choose a device to verify (E10, S3). A user without a device continues to enrollment.

    The page shows one device first and the others below it. A step-up offers only devices that are strong enough.
    External MFA offers only devices that the relying party accepts. After a password, devices of a forbidden method
    are offered too if they open enrollment.
    """
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    standing = methods.standing(pending.account_id or 0)
    if standing.account is not None:
        pending.admit(standing.account)
    if pending.purpose == FlowPurpose.ADD:
        return redirect("sign_in:enroll_methods")
    if not standing.guarded or enrollment.is_opened(pending, standing):
        return redirect("sign_in:enroll")
    refusal = code_budget.refusal_of(pending.account_id or 0, pending.known_browser)
    if refusal is not None:
        raise too_many_codes_of_account(refusal)
    options = _offered(pending, standing)
    context = {
        "first": options[0],
        "others": options[1:],
        "account_name": pending.account_name,
        "stepping_up": pending.purpose == FlowPurpose.STEP_UP,
        "forbidden": pending.by_password and standing.forbidden,
        "unused": [option for option in methods.unused(standing.options) if option != options[0]],
        "troubles": list(dict.fromkeys(filter(None, (option.method.trouble() for option in options)))),
    }
    return render(request, "sign_in/verify.html", context)


def _offered(pending: PendingSignIn, standing: methods.Standing) -> tuple[methods.Option, ...]:
    """Return the devices to choose from, at least one. Without any, raises the page with the next step."""
    if pending.purpose == FlowPurpose.STEP_UP:
        options = step_up.options(standing)
        if not options and standing.forbidden:
            raise method_forbidden()
    elif pending.purpose == FlowPurpose.EXTERNAL_MFA:
        relying_party = external_mfa.relying_party_of(pending)
        accepted = (option for option in standing.options if relying_party.accepts(pending, option.device))
        options = (*standing.forbidden, *accepted)
        if not options:
            raise relying_party.stuck(pending)
    else:
        options = (*standing.forbidden, *standing.options)
    if not options:
        raise enrollment.stuck(standing)
    return options


@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """Ask the remember-me question (E12, S5), then return to the service."""
    question = stay_question.open_question(request.session)
    if question is None:
        return redirect("sign_in:home")
    if request.method == "POST" and request.POST.get("stay") in ("yes", "no"):
        yes = request.POST["stay"] == "yes"
        stay_question.apply_choice(request.session, yes)
        response = HttpResponseRedirect(question.next or reverse("sign_in:home"))
        if yes:
            response.set_signed_cookie(
                _REMEMBERED_NAME,
                question.name,
                max_age=_REMEMBERED_NAME_LIFE,
                secure=settings.SECURE,
                httponly=True,
                samesite="Lax",
            )
        else:
            response.delete_cookie(_REMEMBERED_NAME)
        return response
    return render(request, "sign_in/remember_me.html", {"days": settings.REMEMBER_ME_DAYS})


def finish(request: HttpRequest, pending: PendingSignIn, account: Account, device: Device) -> HttpResponse:
    """Complete the flow after a method has verified the device and written the event, and return the next page.

    Signs in, completes the step-up, or answers the relying party. A sign-in with a device that expires leads to
    enrollment. Otherwise staff continue to their destination, and other users get the remember-me question.

    The browser is known to the account from now on.

    SECURITY: a device of a forbidden method leads to enrollment and to nothing else.
    """
    method = methods.of_device(device)
    if method is not None and not method.allows(account):
        flow.open_enrollment(request, pending, device)
        return redirect("sign_in:enroll")
    response = _finish(request, pending, account, device)
    known_browsers.remember(request, response, account)
    return response


def _finish(request: HttpRequest, pending: PendingSignIn, account: Account, device: Device) -> HttpResponse:
    if pending.purpose == FlowPurpose.EXTERNAL_MFA:
        flow.leave_flow(request)
        return external_mfa.relying_party_of(pending).finish(request, pending, account, device)
    if pending.purpose != FlowPurpose.SIGN_IN:
        return _stepped_up(request, pending, device)
    flow.complete(request, pending, account, device)
    response: HttpResponse
    if methods.expires_at(device) is not None:
        flow.begin_adding(request, account, time.time(), next_url=pending.next)
        response = redirect("sign_in:enroll_methods")
    elif account.is_staff:
        response = HttpResponseRedirect(pending.next or reverse("sign_in:home"))
    else:
        stay_question.ask_to_remember(request.session, pending)
        response = redirect("sign_in:remember_me")
    language.on_sign_in(request, response, account)
    return response


def _stepped_up(request: HttpRequest, pending: PendingSignIn, device: Device) -> HttpResponse:
    """Return to the page that required the step-up."""
    flow.leave_flow(request)
    flow.bind_session(request, device)
    return HttpResponseRedirect(pending.next or reverse("sign_in:security_info"))


def _remembered_name(request: HttpRequest) -> str:
    return request.get_signed_cookie(_REMEMBERED_NAME, default="") or ""


def _refusal(result: password_check.PasswordResult) -> str:
    if result.outcome is PasswordOutcome.WRONG_DOMAIN and result.account is not None:
        name = {"name": str(result.account.account_name)}
        if result.account.is_employee:
            return _("You are employed at UCPH. Log in with %(name)s.") % name
        return _("You are a student at UCPH. Log in with %(name)s.") % name
    return _("The username or password is incorrect")
