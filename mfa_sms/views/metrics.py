"""The metrics page for Prometheus."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from mfa_sms import metrics as sms_metrics


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to a client with the token. Without a token in the settings, the page does not exist."""
    if not settings.METRICS_TOKEN:
        raise Http404
    # SECURITY: compared in constant time. The token is in a header, since a query would appear in logs.
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("refused\n", content_type="text/plain", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(sms_metrics.render_metrics(), content_type=sms_metrics.CONTENT_TYPE)
