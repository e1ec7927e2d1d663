"""Health pages: whether the process is alive, and whether it can do its work."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kumfa.celery import app

# A code of an app is valid for 30 seconds before and after. Beyond that, sign-ins fail.
CLOCK_SKEW_MAX = timedelta(seconds=30)
# Sessions are then read from the database, and the portal goes on.
_DISPENSABLE = {"cache"}


@require_safe
def process(request: HttpRequest) -> HttpResponse:
    """Return 200 as long as the process serves requests."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 if the process can do its work, and 503 otherwise, with the state of each part as JSON.

    The database must take writes, the broker must be reachable, and the clocks must agree.
    """
    skew = clock_skew()
    state = {
        "database": skew is not None,
        "clock": skew is not None and abs(skew) <= CLOCK_SKEW_MAX,
        "broker": _broker(),
        "cache": _cache(),
    }
    works = all(good for part, good in state.items() if part not in _DISPENSABLE)
    return JsonResponse(state, status=200 if works else 503)


def clock_skew() -> timedelta | None:
    """Return how far this machine's clock is ahead of the database's, or None if the database takes no writes."""
    is_server = connection.vendor == "postgresql"
    statement = "SELECT current_setting('transaction_read_only'), clock_timestamp()" if is_server else "SELECT 'off'"
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            read_only, *times = cursor.fetchone()
    except Exception:
        return None
    if read_only != "off":
        return None
    return timezone.now() - times[0] if times else timedelta(0)


def _broker() -> bool:
    try:
        with app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except Exception:
        return False
    return True


def _cache() -> bool:
    if not settings.CACHE_URL:
        return True  # a table in the database
    try:
        caches["default"].get("kumfa.health")
    except Exception:
        return False
    return True
