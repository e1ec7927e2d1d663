"""Middleware for the requests of services: those that they post, and the last form of a sign-in."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from common.root_urls import root_path

GetResponse = Callable[[HttpRequest], HttpResponse]

# A form of one of our own pages has one of these fields.
_OWN = {"answer", "language", "csrfmiddlewaretoken"}


class ServiceRequests:
    """Turns a request that a service posts into a GET, and keeps forms of ours from ending in a redirect to a service.

    OpenID Connect requires both methods at the authorization and logout endpoints. The session's cookie does not come
    with a form of another site, but it comes with the GET.

    Browsers apply the policy `form-action` to every redirect after a form, including those of the service and of the
    sites that it redirects to. So a redirect to the authorization endpoint goes through a page from which the browser
    continues automatically. That is a new navigation, to which the policy does not apply.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path in (root_path("sso:authorize"), root_path("sso:logout")):
            posted = _posted_by_service(request)
            if posted is not None:
                return HttpResponseRedirect(f"{request.path}?{posted}", status=303)
        response = self.get_response(request)
        if 300 <= response.status_code < 400:
            target = urlsplit(response.get("Location", ""))
            # Also from a page of a journey: the endpoint is outside every journey.
            own = not target.netloc or target.netloc == request.get_host()
            if own and target.path == root_path("sso:authorize"):
                response["Location"] = f"{root_path('sso:onward')}?{target.query}"
        return response


def _posted_by_service(request: HttpRequest) -> str | None:
    """Return the parameters of a request that a service posts, as a query. None for a form of our own."""
    try:
        if not _OWN.isdisjoint(request.POST):
            return None
        return "&".join(part for part in (request.META.get("QUERY_STRING", ""), request.POST.urlencode()) if part)
    except (SuspiciousOperation, UnreadablePostError, BadRequest, MultiPartParserError):
        return None
