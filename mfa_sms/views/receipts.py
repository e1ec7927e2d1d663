"""Receives delivery reports from gateways."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mfa_sms import gateways, receipts
from mfa_sms.gateways import ReceiptRefused, ReceiptUnreadable

MAX_BODY = 64 * 1024


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, gateway: str) -> HttpResponse:
    """Authenticate and store the receipts, and answer. A worker applies them.

    An authentic receipt is always answered with 200, even for an unknown message. Gateways repeat any other for a day.
    """
    found = gateways.by_slug(gateway)
    if found is None:
        return _answer("unknown gateway", 404)
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > MAX_BODY:
        return _answer("too large", 413)
    try:
        parsed = found.parse_receipt(request)
    except ReceiptRefused:
        return _answer("refused", 403)
    except ReceiptUnreadable:
        return _answer("unreadable", 400)
    raw = request.META.get("QUERY_STRING", "") if request.method == "GET" else request.body.decode("utf-8", "replace")
    receipts.store(found.slug, raw, parsed)
    return _answer("ok", 200)


def _answer(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain", status=status)
