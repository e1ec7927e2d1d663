"""Middleware that lets the forms of a sign-in end at the service that it leads back to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sign_in import services
from sso.oidc import service_names

GetResponse = Callable[[HttpRequest], HttpResponse]


class ServiceOrigins:
    """Adds the service's origin to `form-action`, which browsers apply to all redirects of a form.

    SECURITY: adds only the origin of this one service, and only if the address is registered for it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            origin = service_names.service_origin(services.destination(request) or request.get_full_path())
            if origin:
                response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]
        return response
