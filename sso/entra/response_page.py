"""The page that posts our response to Entra."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sso.entra.response import EntraResponse


def answer_page(request: HttpRequest, answer: EntraResponse) -> HttpResponse:
    """Return a page whose form submits itself to Entra."""
    response = render(request, "sso/entra/answer.html", {"answer": answer})
    target = urlsplit(answer.url)
    # SECURITY: the token may go only to that host.
    response._csp_replace = {"form-action": [f"{target.scheme}://{target.netloc}"]}  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    # The referrer is only our host, which the token contains anyway. A server that checks the origin of a form would
    # refuse "null".
    response["Referrer-Policy"] = "strict-origin"
    return response
