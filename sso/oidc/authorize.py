"""The authorization endpoint.

It identifies the person and checks their access and the freshness of their second factor. It asks for consent and
redirects to the service with a code.
"""

from typing import cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.generic import View
from django_otp import DEVICE_ID_SESSION_KEY
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.common import add_params_to_uri

from accounts.models import Account
from common import languages
from common.client_info import client_info_of
from sessions import registry
from sign_in import events as sign_in_events
from sign_in import flow, journeys, services
from sign_in.guards import is_verified
from sign_in.pending import FlowPurpose
from sign_in.views.sign_in import ask_account_name
from sso import events, keys
from sso.models import Grant, SigningKey, Subject
from sso.oidc import freshness, pages
from sso.oidc.authorization_request import MFA, AuthorizationRefused, AuthorizationRequest, read_request
from sso.oidc.validator import ISSUER, is_about, subject_of


class AuthorizeView(OAuthLibMixin, View):
    """Runs the portal's own sign-in pipeline for a service."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the sign-in, redirect to the step-up or to the service, or ask for consent."""
        return self._answer(request, consented=False)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Handle the answer on one of our own pages."""
        answer = request.POST.get("answer")
        if answer == "another":
            return _sign_out(request)
        if answer == "no":
            return self._answer(request, consented=False, denied=True)
        return self._answer(request, consented=answer == "yes")

    def _answer(self, request: HttpRequest, *, consented: bool, denied: bool = False) -> HttpResponse:
        try:
            auth_request = read_request(request)
            _scopes, credentials = self.validate_authorization_request(request)
            keys.signing_key(SigningKey.Use.OIDC)
        except AuthorizationRefused as refusal:
            return _refuse(request, refusal)
        except OAuthToolkitError as error:
            code = str(error.oauthlib_error.error)
            return _refuse(request, AuthorizationRefused(code, auth_request.client, code, auth_request.redirect_uri))
        except keys.NoSigningKey:
            # Check before the person verifies anything: without a key, no code can be exchanged for a token.
            return _refuse(
                request,
                AuthorizationRefused(
                    "no_key", auth_request.client, "temporarily_unavailable", auth_request.redirect_uri
                ),
            )
        except ValueError:  # raised for undecodable text in a parameter that no code reads
            return _refuse(
                request, AuthorizationRefused("malformed", auth_request.client, back=auth_request.redirect_uri)
            )
        _speak(request)
        stopped = _person(request, auth_request) or _may(request, auth_request) or _proof(request, auth_request)
        if stopped:
            return stopped
        if denied:
            return _back(auth_request, "access_denied")
        stopped = None if consented else _consent(request, auth_request)
        return stopped or self._make_grant(request, auth_request, credentials)

    def _make_grant(
        self, request: HttpRequest, auth_request: AuthorizationRequest, credentials: dict[str, object]
    ) -> HttpResponse:
        """Create the grant and redirect to the service with a code."""
        account = cast(Account, request.user)
        Subject.of(account)
        proven_at, amr = freshness.of_session(request)
        ends = [timezone.now() + settings.SSO_GRANT_LIFE, registry.ends_at(request)]
        grant = Grant(
            client=auth_request.client,
            account=account,
            session_id=registry.current_id(request),
            auth_hash=account.get_session_auth_hash(),
            device=request.session[DEVICE_ID_SESSION_KEY],
            proven_at=proven_at,
            amr=amr,
            scope=" ".join(auth_request.scopes),
            ends_at=min(end for end in ends if end is not None),
        )
        credentials |= {"grant": grant}
        credentials.pop("ui_locales", None)
        with transaction.atomic():
            # SECURITY: a grant that is created after its session's end would outlive the session.
            if not registry.hold(request):
                return redirect("sign_in:home")
            uri, _headers, _body, _status = self.create_authorization_response(
                request, " ".join(auth_request.scopes), credentials, True
            )
            events.service_signed_in(account, auth_request.client.client_id, client_info_of(request))
        freshness.has_proven(request)
        return HttpResponseRedirect(uri)


def _person(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Show anonymous users the first page of the sign-in. Ask the user if the service expects another one."""
    if not is_verified(request.user):
        if auth_request.silent:
            return _back(auth_request, "login_required")
        if "login" in auth_request.prompt or auth_request.max_age is not None:
            freshness.demand_proof(request)
        services.arrive(request, request.get_full_path())
        return ask_account_name(request)
    account = cast(Account, request.user)
    if not _is_expected(auth_request, account):
        return (
            _back(auth_request, "login_required")
            if auth_request.silent
            else _somebody_else(request, auth_request, account)
        )
    return None


def _is_expected(auth_request: AuthorizationRequest, account: Account) -> bool:
    if "select_account" in auth_request.prompt:
        return False
    if auth_request.id_token_hint:
        said = subject_of(auth_request.id_token_hint)
        if said is not None and not is_about(said, account):
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
        "go_on": f"{request.path}?{kept.urlencode()}",
    }
    return render(request, "sso/somebody_else.html", context)


def _may(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Refuse an account that the service does not admit, and required `acr` values that we cannot give."""
    account = cast(Account, request.user)
    if not auth_request.client.admits(account):
        refusal = AuthorizationRefused("not_admitted", auth_request.client, "access_denied", auth_request.redirect_uri)
        return _refuse(request, refusal)
    if auth_request.essential_acr and MFA not in auth_request.essential_acr:
        events.service_refused(auth_request.client.client_id, "acr", client_info_of(request), account)
        return _back(auth_request, "unmet_authentication_requirements")
    return None


def _proof(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Require another second factor if the last one is too old for the service."""
    if freshness.is_fresh(request, auth_request):
        return None
    if auth_request.silent:
        return _back(auth_request, "login_required")
    freshness.demand_proof(request)
    account = cast(Account, request.user)
    journeys.open_journey(request, request.get_full_path())
    flow.begin_signed_in(request, account, FlowPurpose.STEP_UP, next=request.get_full_path())
    return redirect("sign_in:verify")


def _consent(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Ask for consent, once per session unless the service requests more scopes."""
    wanted = auth_request.client.asks_consent or "consent" in auth_request.prompt
    known = (
        freshness.has_consented(request, auth_request, registry.current_id(request))
        and "consent" not in auth_request.prompt
    )
    if not wanted or known:
        return None
    if auth_request.silent:
        return _back(auth_request, "consent_required")
    context = {"client": auth_request.client, "scopes": auth_request.scopes, "account": request.user}
    return render(request, "sso/consent.html", context)


def _sign_out(request: HttpRequest) -> HttpResponse:
    """Sign the user out and repeat the request."""
    with transaction.atomic():
        if isinstance(request.user, Account):
            sign_in_events.signed_out(request.user, client_info_of(request))
        registry.sign_out(request)
    return HttpResponseRedirect(request.get_full_path())


def _refuse(request: HttpRequest, refusal: AuthorizationRefused) -> HttpResponse:
    """Write the event and show a page.

    If the service wants no page and its address is known, redirect there with the error instead.
    """
    _speak(request)
    account = request.user if isinstance(request.user, Account) else None
    client = refusal.client
    service = client.client_id if client else "-"
    events.service_refused(service, refusal.reason, client_info_of(request), account)
    if refusal.back and request.GET.get("prompt") == "none":
        return _redirect(refusal.back, refusal.error, request.GET.get("state", ""))
    if client and refusal.reason == "disabled":
        raise pages.out_of_use(client)
    if client and account and refusal.reason == "not_admitted":
        raise pages.not_for(client, account)
    if client and refusal.reason == "no_key":
        raise pages.not_now(client)
    raise pages.refused(client)


def _back(auth_request: AuthorizationRequest, error: str) -> HttpResponse:
    return _redirect(auth_request.redirect_uri, error, auth_request.state)


def _redirect(uri: str, error: str, state: str) -> HttpResponse:
    said = [("error", error), *([("state", state)] if state else []), ("iss", ISSUER)]
    return HttpResponseRedirect(add_params_to_uri(uri, said))


def _speak(request: HttpRequest) -> None:
    """Apply `ui_locales` unless the person has chosen a language in this browser."""
    if languages.of_browser(request) or getattr(request, "switched_to", None):
        return
    for tag in request.GET.get("ui_locales", "").split():
        code = tag.partition("-")[0].lower()
        if languages.is_known(code):
            languages.suggest(request, code)
            translation.activate(languages.of_request(request))
            return
