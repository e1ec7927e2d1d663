"""`make reset` deletes the files that `make run` wrote, and nothing else."""

import fcntl
from pathlib import Path

import pytest

from tools.reset import main


@pytest.fixture
def var(tmp_path: Path) -> Path:
    var = tmp_path / "var"
    (var / "mail").mkdir(parents=True)
    (var / "mail" / "1.eml").touch()
    (var / "kumfa.sqlite3").touch()
    return var


def test_the_database_and_the_mails_go(var: Path) -> None:
    assert main(var) == 0
    assert {path.name for path in var.iterdir()} <= {"run.lock", "install.lock"}


def test_what_a_link_leads_to_stays(var: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (var / "link").symlink_to(elsewhere)
    assert main(var) == 0
    assert (elsewhere / "kept").exists()


def test_a_running_portal_keeps_its_files(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (var / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(var) == 1
    assert "End it with Ctrl-C" in capsys.readouterr().err
    assert (var / "kumfa.sqlite3").exists()
