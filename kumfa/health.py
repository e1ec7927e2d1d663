"""Health pages: whether the process is alive, and whether it can do its work."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from kumfa.celery import app


def process(request: HttpRequest) -> HttpResponse:
    """Return 200 as long as the process serves requests."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 if database and broker are reachable, and 503 otherwise, with the state of each as JSON."""
    state = {"database": _database(), "broker": _broker()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return False
    return True


def _broker() -> bool:
    try:
        with app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except Exception:
        return False
    return True
