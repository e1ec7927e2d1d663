"""Beat starts even if its schedule file is damaged, and keeps a file that it can read."""

from pathlib import Path

import pytest

from kumfa.celery import app
from kumfa.clock import Scheduler


def start(path: Path) -> None:
    """Start the scheduler on the file, and end it."""
    scheduler = Scheduler(app=app, schedule_filename=str(path))
    assert "audit.seal_events" in scheduler.schedule
    scheduler.close()


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"\x80\x04garbage" * 99])
def test_a_damaged_file_is_made_again(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "beat"
    start(path)
    files = list(tmp_path.iterdir())
    assert files
    for file in files:
        file.write_bytes(content)
    start(path)


def test_an_intact_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "beat"
    scheduler = Scheduler(app=app, schedule_filename=str(path))
    scheduler.schedule["audit.seal_events"].total_run_count = 7
    scheduler.close()
    scheduler = Scheduler(app=app, schedule_filename=str(path))
    assert scheduler.schedule["audit.seal_events"].total_run_count == 7
    scheduler.close()


def test_the_settings_name_this_scheduler() -> None:
    assert app.conf.beat_scheduler == "kumfa.clock:Scheduler"
