"""Requests of machines, and requests that a proxy forwards wrongly. Both are answered before the host is checked."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kumfa import health, metrics

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

_PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": health.process,
    "/readyz": health.ready,
    "/metrics": metrics.page,
}
_LOGGED_EVERY = 60.0  # seconds
_MISSING = "X-Forwarded-Proto is missing: the reverse proxy must set it. See docs/operators/configure.md."


class ProbeMiddleware:
    """Answers probes by address and over HTTP. A load balancer knows neither the host name nor the proxy's headers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = _PAGES.get(request.path_info)
        if page is None:
            return self.get_response(request)
        response = page(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response


class ForwardedProtoMiddleware:
    """Reports a proxy that does not say whether its client used TLS.

    Without the header every request would look like plain HTTP, and be redirected to itself forever.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._logged_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        expected = settings.SECURE and settings.TRUSTED_PROXIES
        if not expected or request.is_secure() or "HTTP_X_FORWARDED_PROTO" in request.META:
            return self.get_response(request)
        if time.monotonic() - self._logged_at > _LOGGED_EVERY:
            self._logged_at = time.monotonic()
            logger.error(_MISSING)
        return HttpResponse(f"{_MISSING}\n", content_type="text/plain; charset=utf-8", status=502)
