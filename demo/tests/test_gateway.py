"""The demo's gateway: the last digit of the number decides, and receipts come through the portal's own endpoint."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import escape
from pytest_django.fixtures import Settings

from accounts.models import Account
from demo.gateway import BEHAVIORS, DemoGateway, behavior
from demo.operator import Operator
from mfa_sms import gateways
from mfa_sms.gateways import BadGatewayUrl
from mfa_sms.models import Receipt, TextMessage
from tests.fixtures import Browser, Walk, confirmed_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def messages(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a demo gateway whose operator reaches the portal under test."""
    path = tmp_path / "demo.jsonl"
    settings.SMS_GATEWAYS = [f"demo://{path}"]

    def visit(url: str, **options: Any) -> Any:
        parts = urlsplit(url)
        return Browser().get(f"{parts.path}?{parts.query}")

    monkeypatch.setattr(httpx, "get", visit)
    return path


def send(walk: Walk, student: Account, digit: str) -> TextMessage:
    walk.to_password(student)
    walk.send(confirmed_phone(student, f"+452612347{digit}"))
    return TextMessage.objects.get()


def after(path: Path, seconds: int) -> int:
    now = timezone.now()
    return Operator(path, now.timestamp()).turn(now.timestamp() + seconds)


@pytest.mark.parametrize(
    ("digit", "seconds", "before", "status"),
    [
        ("0", 2, "sent", "delivered"),
        ("4", 2, "sent", "delivered"),
        ("5", 40, "sent", "delivered"),
        ("6", 2, "sent", "undeliverable"),
        ("7", 60, "rejected", "rejected"),
        ("8", 2, "sent", "rejected"),
        ("9", 60, "sent", "sent"),
    ],
)
def test_the_last_digit_decides_what_becomes_of_a_message(
    walk: Walk, student: Account, messages: Path, digit: str, seconds: int, before: str, status: str
) -> None:
    message = send(walk, student, digit)
    assert message.status == before
    after(messages, seconds + 1)
    message.refresh_from_db()
    assert message.status == status


def test_a_slow_receipt_is_not_early(walk: Walk, student: Account, messages: Path) -> None:
    send(walk, student, "5")
    assert after(messages, 38) == 0
    assert after(messages, 41) == 1


def test_the_receipt_is_stored_as_any_gateways_is(walk: Walk, student: Account, messages: Path) -> None:
    message = send(walk, student, "1")
    after(messages, 3)
    receipt = Receipt.objects.get()
    assert (receipt.gateway, receipt.message, receipt.state) == ("demo", message, "delivered")


def test_a_receipt_with_another_signature_is_refused(walk: Walk, student: Account, messages: Path) -> None:
    send(walk, student, "6")
    url = json.loads(messages.read_text())["report"]
    forged = url.replace("state=undeliverable", "state=delivered").replace("mac=", "mac=0")
    parts = urlsplit(forged)
    assert Client().get(f"{parts.path}?{parts.query}").status_code == 403
    assert not Receipt.objects.exists()


def test_a_receipt_with_a_status_that_there_is_not_is_refused(walk: Walk, student: Account, messages: Path) -> None:
    send(walk, student, "6")
    parts = urlsplit(json.loads(messages.read_text())["report"].replace("undeliverable", "nonsense"))
    assert Client().get(f"{parts.path}?{parts.query}").status_code == 400


@pytest.mark.parametrize(("digit", "seconds", "there"), [("1", 3, True), ("9", 3, True), ("6", 600, False)])
def test_the_inbox_shows_what_arrives(
    walk: Walk, student: Account, messages: Path, digit: str, seconds: int, there: bool
) -> None:
    send(walk, student, digit)
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        assert ("<article" in walk.get("/inbox/").content.decode()) is there


def test_the_inbox_shows_a_slow_message_when_it_arrives(walk: Walk, student: Account, messages: Path) -> None:
    send(walk, student, "5")
    assert "<article" not in walk.get("/inbox/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=41)):
        assert "<article" in walk.get("/inbox/").content.decode()


def test_the_inbox_says_what_each_digit_does(walk: Walk, messages: Path) -> None:
    page = walk.get("/inbox/").content.decode()
    with translation.override("da"):  # the language of a first visit
        lines = [f"<dt>{one.shown}</dt><dd>{escape(one.words)}</dd>" for one in BEHAVIORS]
    assert [line for line in lines if line not in page] == []


def test_every_digit_has_one_behavior() -> None:
    assert sorted("".join(one.digits for one in BEHAVIORS)) == list("0123456789")
    assert [behavior(f"+452612347{digit}").digits for digit in "05"] == ["01234", "5"]


def test_a_second_gateway_has_a_name_of_its_own() -> None:
    gateway = gateways.from_url("demo:///tmp/messages.jsonl?name=demo-reserve")
    assert isinstance(gateway, DemoGateway)
    assert (gateway.path, gateway.slug) == (Path("/tmp/messages.jsonl"), "demo-reserve")  # noqa: S108 - never written


@pytest.mark.parametrize("url", ["demo://host/messages", "demo://", "demo:///"])
def test_a_url_without_an_absolute_path_is_refused(url: str) -> None:
    with pytest.raises(BadGatewayUrl):
        DemoGateway.from_url(url)


def test_a_scheme_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        gateways.register("demo", DemoGateway.from_url)
