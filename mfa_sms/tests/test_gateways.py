"""The gateways for development: file and console."""

import json
import stat
import threading
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from mfa_sms import gateways
from mfa_sms.gateways import BadGatewayUrl, GatewayError, GatewayFault, OutgoingMessage
from mfa_sms.gateways.console import ConsoleGateway
from mfa_sms.gateways.file import FileGateway

MESSAGE = OutgoingMessage(
    to="+4526123478", text="123456 er din kode – æøå\n@host #123456", sender="KU-IT", reference="7", validity=599
)


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_message_is_one_line_of_json(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "messages.jsonl"
    gateway = gateways.from_url(f"file://{path}")
    results = [gateway.send(MESSAGE), gateway.send(MESSAGE)]
    written = lines(path)
    assert [line["id"] for line in written] == [result.message_id for result in results]
    assert results[0] != results[1]
    assert set(written[0]) == {"id", "at", "to", "sender", "text", "reference"}
    assert (written[0]["to"], written[0]["text"], written[0]["sender"], written[0]["reference"]) == (
        MESSAGE.to,
        MESSAGE.text,
        MESSAGE.sender,
        MESSAGE.reference,
    )


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    FileGateway(path).send(MESSAGE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lines_stay_whole_however_many_write(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    barrier = threading.Barrier(8)
    long = OutgoingMessage(to="+4526123478", text="x" * 20_000, sender="KU-IT", reference="7", validity=1)

    def write() -> None:
        barrier.wait(10)
        for _ in range(10):
            FileGateway(path).send(long)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [line["text"] for line in lines(path)] == [long.text] * 80


@pytest.mark.parametrize("where", ["", "file/under-a-file.jsonl"])
def test_a_path_that_cannot_be_written_is_unavailable(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GatewayError) as error:
        FileGateway(tmp_path / where).send(MESSAGE)
    assert error.value.fault is GatewayFault.UNAVAILABLE
    assert str(error.value) == "unavailable"
    assert error.value.__cause__ is None


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    gateway = FileGateway.from_url(f"file://{tmp_path}/en%20fil.jsonl")
    assert gateway.path == tmp_path / "en fil.jsonl"


def test_the_console_prints_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    gateway = gateways.from_url("console://")
    assert gateway.send(MESSAGE).message_id == ""
    assert capsys.readouterr().out == f"--- SMS KU-IT -> +4526123478\n{MESSAGE.text}\n---\n"


@pytest.mark.parametrize(
    "url",
    ["", "nøgle", "carrier://nøgle@host", "file://nøgle/path", "file://", "file:///", "http://bruger:nøgle@host/"],
)
def test_a_bad_url_configures_nothing_and_is_not_repeated(url: str) -> None:
    with pytest.raises(BadGatewayUrl) as error:
        gateways.from_url(url)
    assert "nøgle" not in str(error.value)


def test_gateways_are_tried_in_the_order_of_the_setting(settings: Settings, tmp_path: Path) -> None:
    settings.SMS_GATEWAYS = [f"file://{tmp_path}/a.jsonl", "console://"]
    first, second = gateways.configured()
    assert isinstance(first, FileGateway)
    assert isinstance(second, ConsoleGateway)
    assert (first.slug, second.slug) == ("file", "console")
    assert gateways.configured() == [first, second]


def test_a_message_shows_neither_number_nor_text_when_it_is_printed() -> None:
    assert "2612" not in repr(MESSAGE)
    assert "123456" not in repr(MESSAGE)
