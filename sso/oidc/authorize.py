"""The authorization endpoint.

It identifies the person and checks their access and the freshness of their second factor. It asks for consent and
redirects to the service with a code.
"""

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View
from django_otp import DEVICE_ID_SESSION_KEY
from oauth2_provider.models import Grant as AuthorizationCode
from oauthlib.common import generate_token

from accounts.models import Account
from common.client_info import client_info_of
from sessions import registry
from sign_in import events as sign_in_events
from sign_in import flow, journeys, services
from sign_in.guards import is_verified
from sign_in.pending import FlowPurpose
from sign_in.views.sign_in import ask_account_name
from sso import events, keys
from sso.models import Grant, SigningKey, Subject
from sso.oidc import freshness, strength
from sso.oidc.authorization_request import AuthorizationRefused, AuthorizationRequest, read_request
from sso.oidc.consent import ask_consent
from sso.oidc.languages import speak
from sso.oidc.logout_hints import claims_of_hint
from sso.oidc.responses import refuse, respond, respond_with_error


class AuthorizeView(View):
    """Runs the portal's own sign-in pipeline for a service."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the sign-in, redirect to the step-up or to the service, or ask for consent."""
        return _answer(request, consented=False)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Handle the answer on one of our own pages. A request that a service posts comes as a GET."""
        answer = request.POST.get("answer")
        if answer == "another":
            return _sign_out(request)
        if answer == "no":
            return _answer(request, consented=False, denied=True)
        return _answer(request, consented=answer == "yes")


def _answer(request: HttpRequest, *, consented: bool, denied: bool = False) -> HttpResponse:
    speak(request)
    try:
        auth_request = read_request(request)
    except AuthorizationRefused as refusal:
        return refuse(request, refusal)
    if not keys.can_sign(SigningKey.Use.OIDC):
        # Check before the person verifies anything: without a key, no code can be exchanged for a token.
        return refuse(request, _refusal(auth_request, "no_key", "temporarily_unavailable"))
    if denied and is_verified(request.user):
        return respond_with_error(request, auth_request, "access_denied")
    stopped = _person(request, auth_request) or _may(request, auth_request) or _proof(request, auth_request)
    if stopped:
        return stopped
    stopped = None if consented else ask_consent(request, auth_request)
    return stopped or _make_grant(request, auth_request)


def _refusal(auth_request: AuthorizationRequest, reason: str, error: str) -> AuthorizationRefused:
    return AuthorizationRefused(reason, auth_request.client, error, auth_request.redirect_uri)


def _make_grant(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse:
    """Create the grant and its code, and send the browser to the service with it."""
    account, code = cast(Account, request.user), generate_token()
    Subject.of(account, auth_request.client)
    proof = freshness.of_session(request)
    ends = [timezone.now() + settings.SSO_GRANT_LIFE, registry.ends_at(request)]
    grant = Grant(
        client=auth_request.client,
        account=account,
        session_id=registry.current_id(request),
        auth_hash=account.get_session_auth_hash(),
        device=request.session[DEVICE_ID_SESSION_KEY],
        proven_at=proof.at,
        amr=proof.amr,
        is_mfa=proof.is_mfa,
        scope=" ".join(auth_request.scopes),
        claims={"id_token": auth_request.claims.id_token, "userinfo": auth_request.claims.userinfo},
        code_digest=Grant.digest(code),
        ends_at=min(end for end in ends if end is not None),
    )
    with transaction.atomic():
        # SECURITY: a grant that is created after its session's end would outlive the session.
        if not registry.hold(request):
            return redirect("sign_in:home")
        grant.save()
        _save_code(code, account, auth_request)
        events.service_signed_in(account, auth_request.client.client_id, client_info_of(request))
    auth_request.client.note_sign_in()
    freshness.has_proven(request)
    return respond(request, auth_request, code=code)


def _save_code(code: str, account: Account, auth_request: AuthorizationRequest) -> None:
    """Save the code for the library, which exchanges it."""
    life = timedelta(seconds=settings.OAUTH2_PROVIDER["AUTHORIZATION_CODE_EXPIRE_SECONDS"])
    AuthorizationCode.objects.create(
        application=auth_request.client,
        user=account,
        code=code,
        expires=timezone.now() + life,
        redirect_uri=auth_request.redirect_uri,
        scope=" ".join(auth_request.scopes),
        code_challenge=auth_request.code_challenge,
        code_challenge_method="S256" if auth_request.code_challenge else "",
        nonce=auth_request.nonce,
    )


def _person(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Show anonymous users the first page of the sign-in. Ask the user if the service expects another one."""
    if not is_verified(request.user):
        if auth_request.silent:
            return respond_with_error(request, auth_request, "login_required")
        if "login" in auth_request.prompt or auth_request.max_age is not None:
            freshness.demand_proof(request)
        services.arrive(request, request.get_full_path())
        return ask_account_name(request)
    account = cast(Account, request.user)
    if not _is_expected(auth_request, account):
        return (
            respond_with_error(request, auth_request, "login_required")
            if auth_request.silent
            else _somebody_else(request, auth_request, account)
        )
    return None


def _is_expected(auth_request: AuthorizationRequest, account: Account) -> bool:
    """Return whether the signed-in person is the one that the service expects, if it expects one.

    SECURITY: an ID token that we cannot verify matches no one. With `prompt=none`, a service would take another
    person's code for that of the expected person.
    """
    if "select_account" in auth_request.prompt:
        return False
    if auth_request.claims.subject and not Subject.is_of(account, auth_request.claims.subject):
        return False
    if auth_request.id_token_hint:
        said = claims_of_hint(auth_request.id_token_hint)
        if said is None and auth_request.silent:
            return False
        if said is not None and not Subject.is_of(account, said["sub"]):
            return False
    hint = auth_request.login_hint.strip().lower()
    return not hint or hint in (str(account.account_name), account.username, account.email.lower())


def _somebody_else(request: HttpRequest, auth_request: AuthorizationRequest, account: Account) -> HttpResponse:
    """Show who is signed in, and let the person choose."""
    kept = request.GET.copy()
    for name in ("login_hint", "id_token_hint"):
        kept.pop(name, None)
    kept["prompt"] = " ".join(auth_request.prompt - {"select_account"})
    context = {
        "client": auth_request.client,
        "name": account.account_name,
        # A service that expects one person gets no one else.
        "go_on": "" if auth_request.claims.subject else f"{request.path}?{kept.urlencode()}",
    }
    return render(request, "sso/somebody_else.html", context)


def _may(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Refuse an account that the service does not admit, and required `acr` values that we cannot give."""
    account = cast(Account, request.user)
    if not auth_request.client.admits(account):
        return refuse(request, _refusal(auth_request, "not_admitted", "access_denied"))
    if not strength.satisfies_acr(request, auth_request):
        return refuse(request, _refusal(auth_request, "acr", "unmet_authentication_requirements"))
    return None


def _proof(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Require another second factor if the last one is too old or too weak for the service."""
    account, too_weak = cast(Account, request.user), not strength.is_sufficient(request, auth_request.client)
    if freshness.is_fresh(request, auth_request) and not too_weak:
        return None
    if auth_request.silent:
        error = "interaction_required" if too_weak else "login_required"
        return respond_with_error(request, auth_request, error)
    if too_weak and not strength.has_sufficient_method(account, auth_request.client):
        events.service_refused(auth_request.client.client_id, "too_weak", client_info_of(request), account)
        return strength.enrollment_page(request, auth_request.client)
    freshness.demand_proof(request)
    journeys.open_journey(request, request.get_full_path())
    flow.begin_signed_in(request, account, FlowPurpose.STEP_UP, next=request.get_full_path())
    return redirect("sign_in:verify")


def _sign_out(request: HttpRequest) -> HttpResponse:
    """Sign the user out and repeat the request."""
    with transaction.atomic():
        if isinstance(request.user, Account):
            sign_in_events.signed_out(request.user, client_info_of(request))
        registry.sign_out(request)
    return HttpResponseRedirect(request.get_full_path())
