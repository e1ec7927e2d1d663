"""Cross-origin requests (CORS) of services that run in the browser."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sso.models import Client

_PREFLIGHT_SECONDS = 600


def allow(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the page that sent the request read the response, if it belongs to such a service.

    SECURITY: without credentials, so the browser sends no cookie of the portal.
    """
    origin = request.headers.get("Origin", "")
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary", ""), "Origin")))
    if not origin or not _is_of_service(origin):
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)


def _is_of_service(origin: str) -> bool:
    clients = Client.objects.filter(kind=Client.Kind.BROWSER, is_enabled=True)
    return any(client.origin_allowed(origin) for client in clients)
