"""Consent: a person agrees to the claims that a service receives."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sessions import registry
from sso.models import Grant
from sso.oidc.authorization_request import AuthorizationRequest
from sso.oidc.claims import SCOPES
from sso.oidc.responses import respond_with_error


def ask_consent(request: HttpRequest, auth_request: AuthorizationRequest) -> HttpResponse | None:
    """Ask for consent, once per session unless the service requests more."""
    wanted = auth_request.client.asks_consent or "consent" in auth_request.prompt
    shared = frozenset(auth_request.scopes) | auth_request.claims.scopes
    known = "consent" not in auth_request.prompt and _has_consented(request, auth_request, shared)
    if not wanted or known:
        return None
    if auth_request.silent:
        return respond_with_error(request, auth_request, "consent_required")
    context = {"client": auth_request.client, "scopes": shared, "account": request.user}
    return render(request, "sso/consent.html", context)


def _has_consented(request: HttpRequest, auth_request: AuthorizationRequest, shared: frozenset[str]) -> bool:
    """Return whether a grant of this session already covers the request."""
    grants = Grant.objects.filter(client=auth_request.client, session_id=registry.current_id(request))
    for scope, claims in grants.values_list("scope", "claims"):
        single = (SCOPES[name] for names in claims.values() for name in names)
        if shared <= {*scope.split(), *single}:
            return True
    return False
