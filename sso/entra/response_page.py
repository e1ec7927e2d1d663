"""The page that posts our answer to the tenant."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sso.entra.response import EntraResponse


def answer_page(request: HttpRequest, answer: EntraResponse) -> HttpResponse:
    """Return the form that posts itself to the tenant."""
    response = render(request, "sso/entra/answer.html", {"answer": answer})
    target = urlsplit(answer.url)
    # SECURITY: the token leaves for that host, and for no other.
    response._csp_replace = {"form-action": [f"{target.scheme}://{target.netloc}"]}  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    # Our host alone, which the token says anyway: a server that looks at the origin of a form would refuse "null".
    response["Referrer-Policy"] = "strict-origin"
    return response
