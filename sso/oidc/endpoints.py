"""Endpoints that services call directly: discovery, keys, tokens, userinfo and revocation."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import View
from oauth2_provider.views.base import RevokeTokenView, TokenView
from oauth2_provider.views.mixins import OAuthLibMixin
from oauth2_provider.views.oidc import UserInfoView

from accounts.models import Account
from common.client_info import client_info_of
from common.root_urls import portal_url
from sso import events, keys
from sso.models import Grant, SigningKey
from sso.oidc import cross_origin, diagnosis, refusals
from sso.oidc.authorization_request import MFA, MODES, client_of
from sso.oidc.authorization_request import SCOPES as KNOWN_SCOPES
from sso.oidc.claims import SCOPES
from sso.oidc.client_credentials import named_client
from sso.oidc.introspection import introspect
from sso.oidc.responses import ISSUER

# Seconds. Short compared with the days for which a key is published before it signs.
_KEPT = 3600
_BY_SECRET = ("client_secret_basic", "client_secret_post")


@require_safe
@cache_control(public=True, max_age=_KEPT)
def discovery(request: HttpRequest) -> HttpResponse:
    """Return the provider's metadata (OpenID Connect Discovery 1.0, section 3)."""
    return _public(
        {
            "issuer": ISSUER,
            "authorization_endpoint": portal_url("sso:authorize"),
            "token_endpoint": portal_url("sso:token"),
            "userinfo_endpoint": portal_url("sso:userinfo"),
            "jwks_uri": portal_url("sso:jwks"),
            "end_session_endpoint": portal_url("sso:logout"),
            "revocation_endpoint": portal_url("sso:revoke"),
            "scopes_supported": list(KNOWN_SCOPES),
            "response_types_supported": ["code"],
            "introspection_endpoint": portal_url("sso:introspect"),
            "response_modes_supported": list(MODES),
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": [keys.ALGORITHM],
            "token_endpoint_auth_methods_supported": [*_BY_SECRET, "none"],
            "revocation_endpoint_auth_methods_supported": [*_BY_SECRET, "none"],
            "introspection_endpoint_auth_methods_supported": list(_BY_SECRET),
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "claims_supported": [*SCOPES, "auth_time", "acr", "amr", "sid", "iss", "aud", "exp", "iat", "nonce"],
            "claims_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "acr_values_supported": [MFA],
            "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }
    )


@require_safe
@cache_control(public=True, max_age=_KEPT)
def jwks(request: HttpRequest) -> HttpResponse:
    """Return the published keys, which sign tokens now, have signed them, or will soon sign them."""
    return _public(keys.jwks(SigningKey.Use.OIDC))


def _public(document: dict[str, Any]) -> HttpResponse:
    """Return a document that pages of every site may read."""
    return JsonResponse(document, headers={"Access-Control-Allow-Origin": "*"})


@method_decorator(csrf_exempt, name="dispatch")
class _Readable(View):
    """Answers an unreadable request with the protocol's error. No response may be stored.

    The pages of a service that runs in the browser may read the response. It needs no cookie.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        elif refusals.is_garbled(request):
            response = JsonResponse({"error": "invalid_request"}, status=400)
        else:
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        cross_origin.allow(request, response)
        return response


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters("client_secret", "code", "code_verifier", "refresh_token"), name="dispatch")
class Token(_Readable, TokenView):
    """Exchanges a code or a refresh token for tokens: at most once, in one transaction."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the tokens or an error as JSON (RFC 6749, section 5). A refused code or refresh token is an event."""
        if request.POST.get("grant_type") not in ("authorization_code", "refresh_token"):
            return JsonResponse({"error": "unsupported_grant_type"}, status=400)
        try:
            return _with_challenge(self._tokens(request))
        except keys.NoSigningKey:
            # Nothing was used up: the same code is valid once a key signs.
            events.service_refused(refusals.known_client(request), "no_key", client_info_of(request), None, "token")
            return JsonResponse({"error": "temporarily_unavailable"}, status=503)

    def _tokens(self, request: HttpRequest) -> HttpResponse:
        code = request.POST.get("code", "")
        with transaction.atomic():
            grant = _locked(code)
            why = (
                refusals.refusal_of_code(request, grant)
                if request.POST.get("grant_type") == "authorization_code"
                else ""
            )
            response: HttpResponse = self.authorization_flow_token_response(request)
            if response.status_code != 200:
                reason = refusals.refusal_reason(response, why)
                account = grant.account if grant else None
                service = grant.client.client_id if grant else refusals.known_client(request)
                if reason == "pkce" and grant and refusals.known_client(request) == service:
                    # SECURITY: no second guess. The client is authenticated, otherwise the reason would be another.
                    Grant.objects.filter(pk=grant.pk).update(used_at=timezone.now())
                _note(request, service, reason, account)
        return response


def _note(request: HttpRequest, service: str, reason: str, account: Account | None) -> None:
    """Write the event, and what the page of the service shows."""
    value = diagnosis.arrived(reason, request.POST.get("redirect_uri", "")) if reason == "redirect_uri" else ""
    events.service_refused(service, reason, client_info_of(request), account, f"token {value}".strip())
    client = client_of(service)
    if client is not None:
        diagnosis.note_refusal(client, reason, value)


def _locked(code: str) -> Grant | None:
    """Return the grant of a code and lock its row; None for an unknown code.

    If two requests have the same code, the later one waits.
    """
    rows = Grant.objects.select_for_update(of=("self",)).select_related("client", "account")
    return rows.filter(code_digest=Grant.digest(code)).first()


def _with_challenge(response: HttpResponse) -> HttpResponse:
    """Name the scheme by which a service can authenticate (RFC 6749, section 5.2)."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = f'Basic realm="{ISSUER}"'
    return response


class UserInfo(_Readable, UserInfoView):
    """Returns the claims that the access token of a service permits.

    Not for resource servers: it does not say which service the token belongs to. They use introspection.
    """

    def _create_userinfo_response(self, request: HttpRequest) -> HttpResponse:
        # SECURITY: URLs end up in logs (RFC 9700, section 4.3.2).
        if "access_token" in request.GET:
            return JsonResponse({"error": "invalid_request"}, status=400)
        if "Authorization" not in request.headers and "access_token" not in request.POST:
            # No error code for a request without a token (RFC 6750, section 3.1).
            return HttpResponse(status=401, headers={"WWW-Authenticate": f'Bearer realm="{ISSUER}"'})
        response: HttpResponse = super()._create_userinfo_response(request)
        response.headers["Content-Type"] = "application/json"
        return response


class Revoke(_Readable, RevokeTokenView):
    """Revokes a token of the service that requests it (RFC 7009), and every token of the same grant."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return an empty response, or the protocol's error."""
        return _with_challenge(super().post(request, *args, **kwargs))


@method_decorator(sensitive_post_parameters("client_secret", "token"), name="dispatch")
class Introspect(_Readable, OAuthLibMixin):
    """Tells a resource server whether an access token is valid there (RFC 7662)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the facts about the token, or only that it is not active."""
        if not self.authenticate_client(request):
            events.service_refused(refusals.known_client(request), "invalid_client", client_info_of(request))
            return _with_challenge(JsonResponse({"error": "invalid_client"}, status=401))
        server = client_of(named_client(request))
        if server is None or not server.is_resource_server:
            return JsonResponse({"error": "unauthorized_client"}, status=403)
        if not request.POST.get("token"):
            return JsonResponse({"error": "invalid_request"}, status=400)
        return JsonResponse(introspect(request.POST["token"], server))
