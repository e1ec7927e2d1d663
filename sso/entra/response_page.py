"""The page that posts our response to Entra."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sso.entra.response import EntraResponse


def answer_page(request: HttpRequest, answer: EntraResponse) -> HttpResponse:
    """Return a page whose form submits itself to Entra.

    SECURITY: the URL is one of `ENTRA_REDIRECT_URIS`, and the page has no other form. Its policy has no `form-action`:
    browsers apply it to every redirect after a form, and Microsoft may redirect to another of its hosts.
    """
    response = render(request, "sso/entra/answer.html", {"answer": answer})
    response._csp_replace = {"form-action": None}  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    # The referrer is only our host, which the token contains anyway. A server that checks the origin of a form would
    # refuse "null".
    response["Referrer-Policy"] = "strict-origin"
    return response
