"""The responses of the authorization endpoint to a service, and the refusals."""

from collections.abc import Mapping
from typing import NoReturn

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Account
from common.client_info import client_info_of
from sso import events
from sso.models import Client
from sso.oidc import diagnosis, pages
from sso.oidc.authorization_request import AuthorizationRefused, AuthorizationRequest, mode_of
from sso.oidc.onward import form_page, onward_page, with_parameters

ISSUER = settings.OAUTH2_PROVIDER["OIDC_ISS_ENDPOINT"]

# Reasons that only a person can act on, not the service. The page has the way back to the service.
_FOR_PEOPLE = ("disabled", "not_admitted", "no_key")


def respond(request: HttpRequest, auth_request: AuthorizationRequest, **said: str) -> HttpResponse:
    """Return the response to the service, with the state of its request."""
    client, uri, state = auth_request.client, auth_request.redirect_uri, auth_request.state
    return _send(request, client, uri, auth_request.response_mode, state, said)


def respond_with_error(request: HttpRequest, auth_request: AuthorizationRequest, error: str) -> HttpResponse:
    """Return the protocol's error to the service."""
    return respond(request, auth_request, error=error)


def refuse(request: HttpRequest, refusal: AuthorizationRefused) -> HttpResponse:
    """Write the event. Return the error to the service if its address is known, otherwise raise the page.

    A person whom the service does not admit reads why on a page of ours, unless the service wants no page.
    """
    client, account = refusal.client, request.user if isinstance(request.user, Account) else None
    value = diagnosis.arrived(refusal.reason, request.GET.get(diagnosis.PARAMETERS.get(refusal.reason, ""), ""))
    service = client.client_id if client else "-"
    events.service_refused(service, refusal.reason, client_info_of(request), account, value)
    if client is not None:
        diagnosis.note_refusal(client, refusal.reason, value)
    silent = "none" in request.GET.get("prompt", "").split()
    if client is not None and refusal.back and (silent or refusal.reason not in _FOR_PEOPLE):
        state = request.GET.get("state", "")
        return _send(request, client, refusal.back, mode_of(request.GET), state, {"error": refusal.error})
    if client and account and refusal.reason == "not_admitted":
        context = {"client": client, "name": account.account_name}
        return render(request, "sso/not_admitted.html", context, status=403)
    _show_page(client, refusal.reason)


def _show_page(client: Client | None, reason: str) -> NoReturn:
    if client and reason == "disabled":
        raise pages.out_of_use(client)
    if client and reason == "no_key":
        raise pages.not_now(client)
    raise pages.refused(client)


def _send(
    request: HttpRequest, client: Client, uri: str, mode: str, state: str, said: Mapping[str, str]
) -> HttpResponse:
    """Return the response by the mode that the service wants.

    Never a redirect in answer to a form of ours: see `sso.oidc.onward`. RFC 9207 adds the issuer.
    """
    parameters = {**said, **({"state": state} if state else {}), "iss": ISSUER}
    if mode == "form_post":
        return form_page(request, uri, parameters, str(client))
    url = with_parameters(uri, parameters)
    if request.method == "POST":
        return onward_page(request, url, str(client))
    # Not Django's own class: it refuses the private schemes of apps. The address is registered.
    return HttpResponse(status=302, headers={"Location": url, "Cache-Control": "no-store"})
