"""The receipt URL: who may use it, what is stored, and the answers."""

import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from mfa_sms import gateways, tasks
from mfa_sms.gateways import OutgoingMessage, http
from mfa_sms.message_references import make_reference
from mfa_sms.models import Receipt, SmsDevice, TextMessage
from mfa_sms.tests.gateways.provider import Provider, Says
from mfa_sms.tests.helpers import html, queued
from tests.fixtures import Walk

Status = TextMessage.Status
GATEWAYAPI, KANNEL = "/sms/receipts/gatewayapi/", "/sms/receipts/kannel/"


@pytest.fixture(autouse=True)
def _gateways(settings: Settings, db: None) -> None:
    settings.SMS_GATEWAYS = ["gatewayapi://t0ken@messaging.gatewayapi.eu?secret=w3bhook", "kannel://us:pw@127.0.0.1"]


@pytest.fixture
def kannel() -> Iterator[Provider]:
    """A Kannel server of the test."""
    server = Provider()
    server.replies = [Says(202, b"0: Accepted for delivery")]
    yield server
    http.close()
    server.stop()


def event(reference: object = "1", event_id: str = "event-1", **fields: Any) -> dict[str, Any]:
    ours = make_reference(reference, "gatewayapi") if isinstance(reference, int) else str(reference)
    about = {"msg_id": "01JNN", "recipient": 4526123478, "reference": ours, "status": "DELIVERED", **fields}
    return {"event_id": event_id, "event_type": "message.status.sms", "event": about}


def post(content: Any, path: str = GATEWAYAPI, key: str = "w3bhook", **more: Any) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    signature = "v1=" + hmac.new(key.encode(), body, "sha256").hexdigest()
    client = Client(enforce_csrf_checks=True)
    return client.post(path, body, content_type="application/json", headers={"Signature": signature}, **more)


def test_an_authentic_receipt_is_kept_and_answered(db: None) -> None:
    document = event("4711")
    response = post(document)
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok\n", "text/plain")
    receipt = Receipt.objects.get()
    assert (receipt.gateway, receipt.event_id, receipt.reference) == ("gatewayapi", "event-1", "4711")
    assert (receipt.gateway_message_id, receipt.state, receipt.raw_status) == ("01JNN", "delivered", "DELIVERED")
    assert json.loads(receipt.raw) == document
    assert (receipt.message, receipt.processed_at) == (None, None)


@pytest.mark.parametrize("key", ["another", ""])
def test_asvs_4_1_5_a_receipt_without_the_right_signature_is_refused(key: str) -> None:
    assert post(event(), key=key or "x").status_code == 403
    assert Client().post(GATEWAYAPI, event(), content_type="application/json").status_code == 403
    assert not Receipt.objects.exists()


def test_a_receipt_of_a_gateway_that_takes_none_is_refused(settings: Settings) -> None:
    settings.SMS_GATEWAYS = ["file:///dev/null"]
    assert post(event(), "/sms/receipts/file/").status_code == 403
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("content", [b"{", b"[]", {}, {"event_type": "message.status.sms"}])
def test_a_receipt_that_cannot_be_read_is_a_bad_request(content: Any) -> None:
    response = post(content)
    expected = 200 if content == {} else 400
    assert response.status_code == expected
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("path", ["/sms/receipts/twilio/", "/sms/receipts/console/"])
def test_there_is_no_page_for_a_gateway_that_is_not_configured(path: str) -> None:
    assert post(event(), path).status_code == 404
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(("size", "status"), [(64 * 1024 + 1, 413), (64 * 1024, 400)])
def test_a_large_receipt_is_not_read(size: int, status: int) -> None:
    assert post(b" " * size).status_code == status


def test_a_receipt_comes_by_get_or_post() -> None:
    assert Client().put(GATEWAYAPI).status_code == 405
    assert Client().get(GATEWAYAPI).status_code == 403


def test_a_repeated_receipt_is_answered_alike_and_kept_once() -> None:
    assert [post(event()).status_code for _ in range(3)] == [200, 200, 200]
    assert Receipt.objects.count() == 1
    assert post(event(event_id="event-2")).status_code == 200
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("reference", ["0", "999999999", "1" * 64, "another-customer's", "²", "", "-1"])
def test_a_receipt_for_a_message_that_is_not_ours_is_answered_like_any_other(
    reference: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = post(event(reference))
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert Receipt.objects.get().message is None


def test_an_event_about_something_else_is_answered_and_not_kept(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as handed:
        assert post({"event_type": "balance.low", "event_id": "1"}).status_code == 200
    assert handed == []
    assert not Receipt.objects.exists()


def test_the_request_makes_one_insert_and_no_other_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        post(event())
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 1
    assert statements[0].startswith("INSERT")


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_handed_to_a_worker_once_it_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bool, int]] = []
    monkeypatch.setattr(
        tasks.process_receipts,
        "delay",
        lambda *arguments: seen.append((connection.in_atomic_block, Receipt.objects.count())),
    )
    post(event())
    assert seen == [(False, 1)]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_does_not_keep_a_receipt_from_being_taken(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError

    message = queued(phone, status=Status.SENT, gateway="gatewayapi")
    with monkeypatch.context() as broken:
        broken.setattr(tasks.process_receipts, "delay", refuse)
        assert post(event(message.pk)).status_code == 200
    assert Receipt.objects.get().processed_at is None
    tasks.sweep_receipts.delay()
    message.refresh_from_db()
    assert message.status == Status.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_the_page_that_waits_for_the_code_says_what_the_gateway_reported(
    walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    walk.to_code(phone)
    TextMessage.objects.update(status=Status.SENT, gateway="gatewayapi")
    page = "/sign-in/verify/code/status/"
    assert walk.browser.get(page).json() == {"text": "Sms'en er sendt. Vent lidt.", "failed": False, "final": False}
    before = walk.browser.get(page).json()["text"]
    post(event(TextMessage.objects.get().pk))
    after = walk.browser.get(page).json()
    assert after["final"]
    assert after["text"] != before
    assert after["text"] in html(walk.get("/sign-in/verify/code/"))


def test_kannel_calls_the_address_that_it_was_given(phone: SmsDevice, kannel: Provider, settings: Settings) -> None:
    settings.SMS_GATEWAYS = [f"kannel://us:pw@{kannel.host}"]
    url = f"{settings.PORTAL_URL}{KANNEL}"
    gateways.configured()[0].send(OutgoingMessage("+4526123478", "123456", "KU-IT", "4711", 60, url))
    target = kannel.sent[0].query["dlr-url"].removeprefix(settings.PORTAL_URL)
    target = target.replace("%d", "1").replace("%F", "op-1")
    assert Client().get(target).status_code == 200
    receipt = Receipt.objects.get()
    assert (receipt.gateway, receipt.reference, receipt.state) == ("kannel", "4711", "delivered")
    assert receipt.raw == target.partition("?")[2]
    assert Client().get(target.replace("4711", "4712")).status_code == 403
