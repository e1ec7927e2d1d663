"""Responses that lead from our pages to a service: a page that redirects automatically, or a form that submits itself.

No response to a form of ours redirects to a service. Browsers apply the policy `form-action` to every redirect after a
form, and the service may redirect to a host that we do not know.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sso.oidc import service_names


@require_safe
def onward(request: HttpRequest) -> HttpResponse:
    """Continue to the authorization endpoint with the request in the URL."""
    url = f"{reverse('sso:authorize')}?{request.META.get('QUERY_STRING', '')}"
    return onward_page(request, url, service_names.service_name(url))


def onward_page(request: HttpRequest, url: str, service: str) -> HttpResponse:
    """Return a page that continues to `url` automatically, even without scripts.

    SECURITY: the caller has checked the URL.
    """
    response = render(request, "sso/onward.html", {"url": url, "service": service})
    # The URL may have a code, which works once. The back button must not show it again.
    response["Cache-Control"] = "no-store"
    return response


def form_page(request: HttpRequest, url: str, fields: Mapping[str, str], service: str) -> HttpResponse:
    """Return a page whose form submits itself to `url`. Without scripts it has a button.

    SECURITY: the page has no form but this one, and the caller has checked the URL. Its policy has no `form-action`,
    because the server at that URL may redirect to another host.
    """
    response = render(request, "sso/form.html", {"answer": {"url": url, "fields": fields}, "service": service})
    response._csp_replace = {"form-action": None}  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    # The referrer is only our host. A server that checks the origin of a form would refuse "null".
    response["Referrer-Policy"] = "strict-origin"
    return response


def with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """Return the URL with these parameters appended to its query, which stays as the service has registered it."""
    if not parameters:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
