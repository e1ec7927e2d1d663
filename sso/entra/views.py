"""The endpoints that Entra reads and posts to, and the page on which a person arrives."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from common.client_info import client_info_of
from common.problems import Problem
from sign_in import methods
from sso import keys
from sso.entra import attempts, refusals, relying_party, requests
from sso.entra import response as answering
from sso.entra.refusals import RequestRefused, Unserved, Why
from sso.entra.response_page import answer_page
from sso.models import EntraAttempt, SigningKey

_REFUSED = "sso.entra.refused"
_SHOWN = ("client_id", "redirect_uri", "scope", "response_type", "response_mode", "nonce", "state", "claims")
_READ = (*_SHOWN, "id_token_hint", "client-request-id")


@require_safe
def configuration(request: HttpRequest) -> JsonResponse:
    """Return the provider's metadata as Entra requires it (OpenID Connect Discovery 1.0)."""
    issuer = settings.ENTRA_ISSUER
    return _published(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize/",
            "jwks_uri": f"{issuer}/jwks/",
            "scopes_supported": ["openid"],
            "response_types_supported": ["id_token"],
            "response_modes_supported": ["form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [keys.ALGORITHM],
            "claim_types_supported": ["normal"],
        }
    )


@require_safe
def jwks(request: HttpRequest) -> JsonResponse:
    """Return the keys that sign responses to Entra, each with its certificate."""
    return _published(keys.jwks(SigningKey.Use.ENTRA))


def _published(document: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(document)
    # Entra refuses a discovery document without this header.
    response["Content-Length"] = str(len(response.content))
    return response


@csrf_exempt
def authorize(request: HttpRequest) -> HttpResponse:
    """Accept a request from Entra's page and redirect to a GET.

    SECURITY: exempt from CSRF protection, because it is a cross-site form. The browser sends no session with it, and
    the view begins none. Only the tenant's signature makes its content count.
    """
    if request.method != "POST":
        raise _not_here()
    try:
        opened = attempts.open_attempt(_fields(request), client_info_of(request))
    except RequestRefused as refused:
        return _to_refused(request, refused)
    response = _see_other(reverse("sso:entra_attempt", args=[opened.handle]))
    response.set_cookie(
        _cookie(opened.handle),
        f"{opened.handle}.{opened.secret}",
        max_age=settings.ENTRA_ATTEMPT_LIFE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
def refused(request: HttpRequest, token: str) -> HttpResponse:
    """Show why a request is not trusted.

    It has a page of its own, because the browser sends its language only with a GET.
    """
    try:
        why, reference, request_id, earlier = signing.loads(token, salt=_REFUSED, max_age=settings.ENTRA_ATTEMPT_LIFE)
    except signing.BadSignature:
        raise refusals.start_again() from None
    handle = _open_handle(request, earlier)
    if handle:
        return redirect("sso:entra_attempt", handle)
    problem = refusals.page_of(why)
    context = {"problem": problem, "reference": reference, "request_id": request_id}
    return render(request, "sso/entra/refused.html", context, status=problem.status)


@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, handle: str) -> HttpResponse:
    """Start the flow, or show why the person cannot be served, with a form back to Entra."""
    found = attempts.find_attempt(handle, request.COOKIES.get(_cookie(handle), "").partition(".")[2])
    if found is None or found.answered_at is not None:
        raise refusals.start_again()
    if found.expires_at <= timezone.now():
        attempts.expire_attempt(found.pk, client_info_of(request))
        raise refusals.start_again()
    why = found.reason or _stuck(found)
    if request.method == "POST":
        return _go_back(request, found, why or Unserved.DECLINED)
    if why or found.account is None:
        problem = refusals.unserved(why)
        context = {"problem": problem, "request_id": found.client_request_id}
        return render(request, "sso/entra/unserved.html", context, status=problem.status)
    relying_party.begin(request, found, found.account, handle)
    return redirect("sign_in:verify")


def _go_back(request: HttpRequest, found: EntraAttempt, why: str) -> HttpResponse:
    error = found.error or attempts.ACCESS_DENIED
    try:
        answer = answering.error_response(found, why, error, client_info_of(request))
    except answering.TooLate:
        raise refusals.start_again() from None
    return answer_page(request, answer)


def _stuck(found: EntraAttempt) -> str:
    """Return why no device of the account satisfies the tenant; empty if one does.

    An account that never had a device is not refused, because it can enroll one. Nor is one whose device is forbidden
    and opens enrollment.
    """
    standing = methods.standing(found.account_id or 0)
    if not standing.guarded or standing.forbidden:
        return ""
    accepted = any(answering.takes(found, option.device) for option in standing.options)
    return "" if accepted else Unserved.NO_METHOD


def _fields(request: HttpRequest) -> dict[str, str]:
    """Return the posted parameters that we read.

    Raises `RequestRefused` if the body cannot be read or a parameter occurs twice, and writes the event.
    """
    try:
        posted = request.POST
    except (SuspiciousOperation, UnreadablePostError, BadRequest, MultiPartParserError):
        raise _written(RequestRefused(Why.UNREADABLE), "", request) from None
    fields = {name: posted[name] for name in _READ if name in posted}
    repeated = next((name for name in _READ if len(posted.getlist(name)) > 1), "")
    if repeated:
        raise _written(RequestRefused(Why.PARAMETERS, repeated), requests.request_id(fields), request)
    return fields


def _written(refused: RequestRefused, request_id: str, request: HttpRequest) -> RequestRefused:
    attempts.refuse(refused, request_id, client_info_of(request))
    return refused


def _to_refused(request: HttpRequest, refused: RequestRefused) -> HttpResponse:
    try:
        request_id = requests.request_id(request.POST.dict())
    except (SuspiciousOperation, UnreadablePostError, BadRequest, MultiPartParserError):
        request_id = ""
    reference = getattr(request, "reference", "")
    token = signing.dumps([refused.why, reference, request_id, refused.attempt], salt=_REFUSED)
    return _see_other(reverse("sso:entra_refused", args=[token]))


def _see_other(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)


def _open_handle(request: HttpRequest, attempt_id: int) -> str:
    """Return the handle of an attempt that this browser has opened and that still waits; empty otherwise.

    A user who reloads the page of a request continues with it.
    """
    for name, value in request.COOKIES.items():
        handle, _dot, secret = value.partition(".")
        if not attempt_id or name != _cookie(handle):
            continue
        found = attempts.find_attempt(handle, secret)
        if found is not None and found.pk == attempt_id and attempts.is_waiting(found):
            return handle
    return ""


def _cookie(handle: str) -> str:
    """Return the cookie's name. Each attempt has its own, because two tabs may each have one."""
    return f"{'__Host-' if settings.SECURE else ''}entra-{handle[:8]}"


def _not_here() -> Problem:
    text = _("Go back to the service that you came from, and log in again.")
    return Problem(_("There is nothing to see here"), (text,), 405, _("Start again"), reverse("sign_in:home"))
