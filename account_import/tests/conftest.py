"""Functions that import a file by the command, and an administrator who is signed in to the admin, in English."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from account_import.tests.command import Import, snapshot
from account_import.tests.files import HEADER
from accounts.models import Account
from backoffice import roles
from helpdesk.tests.people import agent_of, browser_of
from tests.fixtures import Browser, Outbox


@pytest.fixture
def importer(db: None) -> Account:
    """An administrator who may import accounts."""
    return agent_of(roles.ADMINISTRATOR, "adm111")


@pytest.fixture
def desk(importer: Account, sms_outbox: Outbox) -> Browser:
    """The administrator's browser."""
    return browser_of(importer, sms_outbox)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.csv"


@pytest.fixture
def import_file(file: Path) -> Import:
    """Write the lines below the header, or `content` as the whole file. Import it and return the printed output."""

    def run(*lines: str, content: bytes | None = None, header: str = HEADER, **options: Any) -> str:
        file.write_bytes("\n".join([header, *lines, ""]).encode() if content is None else content)
        out = StringIO()
        call_command("import_accounts", str(file), stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    return run


@pytest.fixture
def refusal(import_file: Import) -> Import:
    """Import a file that must be refused. Return the error message."""

    def run(*lines: str, **options: Any) -> str:
        before = snapshot()
        with pytest.raises(CommandError) as refused:
            import_file(*lines, **options)
        assert snapshot() == before, "a refused import changed something"
        assert refused.value.returncode == 1
        return str(refused.value)

    return run
