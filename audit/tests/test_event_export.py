"""Sealed events become JSON lines for a SIEM, in order, and again if a line could not be written."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import Account
from audit.log import write_event
from audit.models import EventTotal, SecurityEvent
from audit.sealing.export import export_sealed, logger
from audit.sealing.sealer import seal
from common.client_info import ClientInfo
from kumfa.logs.event_file import StrictFile
from sign_in.events import PASSWORD_REFUSED, SIGNED_IN

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Write the lines to a file, as `EVENT_LOG` does."""
    path = tmp_path / "events.jsonl"
    handler = StrictFile(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    yield path
    logger.removeHandler(handler)
    handler.close()


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def event(account: Account, kind: object = SIGNED_IN) -> SecurityEvent:
    client = ClientInfo(address="192.0.2.7", browser="Firefox", reference="K7F3-92")
    return write_event(kind, client, account)  # type: ignore[arg-type]


def test_an_event_is_written_after_its_seal_with_the_names_of_ecs(student: Account, path: Path) -> None:
    written = event(student, PASSWORD_REFUSED)
    assert lines(path) == []
    seal()
    (line,) = lines(path)
    assert line["event.id"] == str(written.pk)
    assert line["event.action"] == "password_refused"
    assert line["event.outcome"] == "failure"
    assert line["user.id"] == str(student.pk)
    assert line["source.ip"] == "192.0.2.7"
    assert line["http.request.id"] == "K7F3-92"
    assert line["@timestamp"] == written.at.isoformat(timespec="milliseconds")
    assert student.username not in json.dumps(line)


def test_the_acts_of_an_agent_name_both(student: Account, employee: Account, path: Path) -> None:
    write_event(SIGNED_IN, ClientInfo(), student, actor=employee)
    seal()
    (line,) = lines(path)
    assert (line["user.id"], line["user.target.id"]) == (str(employee.pk), str(student.pk))


def test_lines_are_in_the_order_of_their_events_and_written_once(student: Account, path: Path) -> None:
    ids = [event(student).pk for _ in range(3)]
    seal()
    ids += [event(student).pk for _ in range(2)]
    seal()
    assert export_sealed() == 0
    assert [line["event.sequence"] for line in lines(path)] == ids


def test_lines_that_could_not_be_written_are_written_later(student: Account, path: Path) -> None:
    written = event(student)
    path.mkdir()  # no file can be opened there
    with pytest.raises(IsADirectoryError):
        seal()
    assert not EventTotal.objects.exists()
    path.rmdir()
    seal()
    assert [line["event.id"] for line in lines(path)] == [str(written.pk)]
    assert EventTotal.objects.get().total == 1
