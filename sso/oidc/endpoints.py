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
from oauth2_provider.views.oidc import UserInfoView

from common.client_info import client_info_of
from common.root_urls import portal_url
from sso import events, keys
from sso.models import Grant, SigningKey
from sso.oidc import refusals
from sso.oidc.authorization_request import MFA
from sso.oidc.claims import SCOPES
from sso.oidc.validator import ISSUER

# Seconds. Short compared with the days for which a key is published before it signs.
_KEPT = 3600


@require_safe
@cache_control(public=True, max_age=_KEPT)
def discovery(request: HttpRequest) -> HttpResponse:
    """Return the provider's metadata (OpenID Connect Discovery 1.0, section 3)."""
    return JsonResponse(
        {
            "issuer": ISSUER,
            "authorization_endpoint": portal_url("sso:authorize"),
            "token_endpoint": portal_url("sso:token"),
            "userinfo_endpoint": portal_url("sso:userinfo"),
            "jwks_uri": portal_url("sso:jwks"),
            "end_session_endpoint": portal_url("sso:logout"),
            "revocation_endpoint": portal_url("sso:revoke"),
            "scopes_supported": list(settings.OAUTH2_PROVIDER["SCOPES"]),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [keys.ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "claims_supported": [*SCOPES, "auth_time", "acr", "amr", "sid", "iss", "aud", "exp", "iat", "nonce"],
            "claims_parameter_supported": False,
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
    return JsonResponse(keys.jwks(SigningKey.Use.OIDC))


@method_decorator(csrf_exempt, name="dispatch")
class _Readable(View):
    """Answers an unreadable request with the protocol's error. No response may be stored."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = (
            JsonResponse({"error": "invalid_request"}, status=400)
            if refusals.is_garbled(request)
            else super().dispatch(request, *args, **kwargs)
        )
        response.headers["Cache-Control"] = "no-store"
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
            return self._tokens(request)
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
                events.service_refused(service, reason, client_info_of(request), account, "token")
        return response


def _locked(code: str) -> Grant | None:
    """Return the grant of a code and lock its row; None for an unknown code.

    If two requests have the same code, the later one waits.
    """
    rows = Grant.objects.select_for_update(of=("self",)).select_related("client", "account")
    return rows.filter(code_digest=Grant.digest(code)).first()


class UserInfo(_Readable, UserInfoView):
    """Returns the claims that the access token of a service permits."""

    def _create_userinfo_response(self, request: HttpRequest) -> HttpResponse:
        # SECURITY: URLs end up in logs (RFC 9700, section 4.3.2).
        if "access_token" in request.GET:
            return JsonResponse({"error": "invalid_request"}, status=400)
        response: HttpResponse = super()._create_userinfo_response(request)
        return response


class Revoke(_Readable, RevokeTokenView):
    """Revokes a token of the service that requests it (RFC 7009)."""
