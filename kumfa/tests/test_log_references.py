"""Each log record of a request, and of the work that it starts, has the reference that its page shows."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import pytest
from celery import shared_task
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings
from structlog.contextvars import get_contextvars

from common.publishing import Publisher
from common.references import begin_log_context, end_log_context, is_reference, new_reference
from kumfa.logs import tasks as task_logs
from kumfa.tests.log_stream import Lines, written
from kumfa.urls import handler400, handler403, handler404, handler500, urlpatterns
from sign_in import flow
from tests.fixtures import Walk

__all__ = ["handler400", "handler403", "handler404", "handler500"]

pytestmark = pytest.mark.django_db

logger = logging.getLogger("kumfa.tests.references")

SHOWN = re.compile(r"(?:Reference: |class=\"reference\">)([A-Z2-9]{4}-[A-Z2-9]{2})\b")


def fails(request: HttpRequest) -> NoReturn:
    raise RuntimeError("a fault")


def forbids(request: HttpRequest) -> NoReturn:
    raise PermissionDenied


def logs(request: HttpRequest) -> HttpResponse:
    logger.info("within")
    return HttpResponse("fine")


def reads_flow(request: HttpRequest) -> HttpResponse:
    flow.current_flow(request)
    return logs(request)


@shared_task
def note(words: str) -> None:
    logger.info("task %s", words)


# The URLconf of these tests.
urlpatterns = [
    *urlpatterns,
    path("fails/", fails),
    path("forbids/", forbids),
    path("logs/", logs),
    path("reads-flow/", reads_flow),
]


@pytest.fixture
def lines() -> Iterator[Lines]:
    with written(level=logging.INFO) as lines:
        yield lines


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture(autouse=True)
def _no_context_is_left() -> Iterator[None]:
    end_log_context()
    yield
    assert get_contextvars() == {}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("ask", "status", "logger"),
    [
        (lambda client: client.get("/fails/"), 500, "django.request"),
        (lambda client: client.get("/nowhere/"), 404, "django.request"),
        (lambda client: client.get("/forbids/"), 403, "django.request"),
        (lambda client: client.post("/sign-in/", {"account_name": "x"}), 403, "django.security.csrf"),
        (
            lambda client: client.get("/sign-in/", headers={"host": "evil.example"}),
            400,
            "django.security.DisallowedHost",
        ),
    ],
    ids=["500", "404", "403", "csrf", "host"],
)
def test_the_log_has_the_reference_that_a_problem_page_shows(
    lines: Lines, client: Client, ask: Any, status: int, logger: str
) -> None:
    response = ask(client)
    assert response.status_code == status
    shown = SHOWN.search(response.content.decode())
    assert shown is not None
    found = [line for line in lines() if line["logger"].startswith(logger)]
    assert found
    assert {line["reference"] for line in lines()} == {shown[1]}
    assert response["X-Reference"] == shown[1]


@pytest.mark.urls(__name__)
def test_a_fault_is_logged_with_its_traceback(lines: Lines, client: Client) -> None:
    client.get("/fails/")
    (line,) = lines.of("django.request")
    assert "RuntimeError: a fault" in line["exception"]


@pytest.mark.urls(__name__)
def test_each_request_has_a_reference_of_its_own(lines: Lines, client: Client) -> None:
    sent = [client.get("/logs/")["X-Reference"] for _time in range(2)]
    logger.info("between requests")
    first, second, after = lines.of(logger.name)
    assert [first["reference"], second["reference"]] == sent
    assert first["reference"] != second["reference"]
    assert "reference" not in after


@pytest.mark.urls(__name__)
def test_a_reference_from_outside_is_ignored(lines: Lines, client: Client) -> None:
    names = ("X-Reference", "X-Request-ID", "X-Correlation-ID", "Reference")
    response = client.get("/logs/", headers=dict.fromkeys(names, "AAAA-AA"))
    (line,) = lines.of(logger.name)
    assert line["reference"] == response["X-Reference"] != "AAAA-AA"
    assert "request_id" not in line
    assert response["X-Request-ID"] == response["X-Reference"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("proxies", "sent", "kept"),
    [
        (1, "4f0c1e8a9b2d4c6e8f0a1b2c3d4e5f60", True),
        (0, "4f0c1e8a9b2d4c6e8f0a1b2c3d4e5f60", False),
        (1, "4f0c1e8a9b2d4c6e 8f0a1b2c3d4e5f60", False),
        (1, "x" * 65, False),
    ],
)
def test_the_request_id_of_a_trusted_proxy_is_logged_and_sent_back(
    lines: Lines, client: Client, settings: Settings, proxies: int, sent: str, kept: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    response = client.get("/logs/", headers={"X-Request-ID": sent})
    (line,) = lines.of(logger.name)
    assert (line.get("request_id") == sent) == kept
    assert (response["X-Request-ID"] == sent) == kept


@pytest.mark.urls(__name__)
def test_a_request_of_a_sign_in_names_the_account_once_the_password_was_right(
    walk: Walk, lines: Lines, student: Any
) -> None:
    walk.name(str(student.account_name))
    walk.browser.get("/reads-flow/")
    walk.password()
    walk.browser.get("/reads-flow/")
    before, after = lines.of(logger.name)
    assert "account_id" not in before
    assert after["account_id"] == student.pk


def test_a_request_of_somebody_who_is_signed_in_names_the_account(walk: Walk, lines: Lines, phone: Any) -> None:
    walk.signed_in(phone)
    walk.get("/nowhere/")
    assert lines.of("django.request")[-1]["account_id"] == phone.user.pk


class PublishedTask:
    """Logs a line instead of publishing a task."""

    name = "published"

    @staticmethod
    def delay(_row_id: int) -> None:
        logger.info("published")


def test_a_thread_that_publishes_logs_the_reference_of_the_request(lines: Lines, settings: Any) -> None:
    settings.PUBLISHER_THREADS = 1
    publisher = Publisher()
    for reference in ("AAAA-AA", "BBBB-BB"):
        begin_log_context(reference)
        publisher.publish_soon(PublishedTask, 1)
    end_log_context()
    publisher.publish_soon(PublishedTask, 1)
    pool: ThreadPoolExecutor | None = publisher._pool
    assert pool is not None
    pool.shutdown()
    assert [line.get("reference") for line in lines.of(logger.name)] == ["AAAA-AA", "BBBB-BB", None]


def test_a_task_that_runs_at_once_keeps_the_reference_of_the_request(lines: Lines) -> None:
    begin_log_context("AAAA-AA")
    task_id = note.delay("now").id
    logger.info("afterwards")
    end_log_context()
    within, afterwards = lines.of(logger.name)
    assert (within["reference"], within["task"], within["task_id"]) == ("AAAA-AA", note.name, task_id)
    assert afterwards["reference"] == "AAAA-AA"
    assert "task" not in afterwards


def test_a_task_ids_digits_are_not_masked(lines: Lines) -> None:
    note.apply(("x",), task_id="12345678-1234-4567-8901-123456789012")
    assert lines.of(logger.name)[0]["task_id"] == "12345678-1234-4567-8901-123456789012"


def test_what_no_request_started_has_a_reference_of_its_own(lines: Lines) -> None:
    note.delay("one")
    note.delay("two")
    one, two = (line["reference"] for line in lines.of(logger.name))
    assert is_reference(one)
    assert is_reference(two)
    assert one != two


@pytest.mark.parametrize("sent", ["", "x" * 5000, "AAAA-AA\nforged", "AAAA-A1", None, 7])
def test_a_header_that_is_no_reference_is_dropped(lines: Lines, sent: object) -> None:
    task: Any = note
    task.push_request(id="an-id", **{task_logs.HEADER: sent})
    task_logs.enter_task(task, "an-id")
    logger.info("within")
    task_logs.leave_task(task)
    task.pop_request()
    (line,) = lines.of(logger.name)
    assert is_reference(line["reference"])
    assert line["reference"] != sent


def test_a_task_without_a_reference_to_send_sends_none() -> None:
    headers: dict[str, Any] = {}
    task_logs.send_reference(headers)
    assert headers == {}


def test_a_reference_is_easily_read_out() -> None:
    assert all(is_reference(new_reference()) for _time in range(100))
