"""The demo's operator: sends each report once, retries if the portal does not answer, and skips an earlier run's."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.operator import PAUSE, TRIES, Operator

NOW = 1_800_000_000.0


class Portal:
    """A fake portal: records the URLs that it receives, or is down."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down = False

    def get(self, url: str, **options: Any) -> httpx.Response:
        self.asked.append(url)
        if self.down:
            raise httpx.ConnectError("refused")
        return httpx.Response(200)


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Portal:
    found = Portal()
    monkeypatch.setattr(httpx, "get", found.get)
    return found


def line(report: str, at: float = NOW, after: int = 2) -> str:
    moment = datetime.fromtimestamp(at, UTC).isoformat()
    return json.dumps({"at": moment, "report": report, "after": after}) + "\n"


def test_a_report_is_sent_once_and_when_it_is_due(portal: Portal, tmp_path: Path) -> None:
    path = tmp_path / "messages"
    path.write_text(line("first") + line("second", after=40))
    following = Operator(path, NOW)
    assert [following.turn(NOW + seconds) for seconds in (1, 2, 39, 41, 60)] == [0, 1, 0, 1, 0]
    assert portal.asked == ["first", "second"]


def test_a_line_that_is_still_being_written_waits(portal: Portal, tmp_path: Path) -> None:
    path = tmp_path / "messages"
    whole = line("first")
    path.write_text(whole[:20])
    following = Operator(path, NOW)
    assert following.turn(NOW + 5) == 0
    path.write_text(whole)
    assert following.turn(NOW + 5) == 1


def test_a_portal_that_does_not_answer_is_asked_again_for_a_while(portal: Portal, tmp_path: Path) -> None:
    path = tmp_path / "messages"
    path.write_text(line("first"))
    portal.down = True
    following = Operator(path, NOW)
    for second in range(TRIES + 5):
        following.turn(NOW + 2 + second * PAUSE)
    assert len(portal.asked) == TRIES


def test_reports_of_an_earlier_run_are_not_sent(portal: Portal, tmp_path: Path) -> None:
    path = tmp_path / "messages"
    path.write_text(line("old", at=NOW - 3600) + line("recent", at=NOW - 10))
    assert Operator(path, NOW).turn(NOW) == 1
    assert portal.asked == ["recent"]


def test_a_message_without_a_receipt_and_a_missing_file_are_no_trouble(portal: Portal, tmp_path: Path) -> None:
    path = tmp_path / "messages"
    assert Operator(path, NOW).turn(NOW) == 0
    path.write_text(line(""))
    assert Operator(path, NOW).turn(NOW + 60) == 0
