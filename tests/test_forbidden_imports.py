"""`make check` fails if an import breaks a contract of setup.cfg."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from kumfa.settings import BASE_DIR

LINTER = Path(sys.executable).parent / "lint-imports"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of setup.cfg and of every app."""
    folder = tmp_path_factory.mktemp("portal")
    shutil.copy(BASE_DIR / "setup.cfg", folder)
    config = ConfigParser()
    config.read(folder / "setup.cfg")
    for app in config["importlinter"]["root_packages"].split():
        shutil.copytree(BASE_DIR / app, folder / app, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(LINTER), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_code_breaks_no_contract(copied: Path) -> None:
    done = lint(copied)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "forbidden", "contract"),
    [
        ("accounts/models.py", "import helpdesk.models", "Imports point down"),
        ("mfa_sms/numbers.py", "import mfa_totp.models", "No factor and no service imports another"),
        ("audit/models.py", "import audit.log", "No cycles within an app"),
    ],
)
def test_a_forbidden_import_is_refused(copied: Path, module: str, forbidden: str, contract: str) -> None:
    changed = copied / module
    before = changed.read_text(encoding="utf-8")
    changed.write_text(f"{before}\n{forbidden}\n", encoding="utf-8")
    try:
        done = lint(copied)
    finally:
        changed.write_text(before, encoding="utf-8")
    assert done.returncode == 1, done.stdout
    assert f"{contract} BROKEN" in done.stdout
