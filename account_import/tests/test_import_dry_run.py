"""A dry run prints what an import would change, and changes nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from account_import.tests.command import Import, account, many, snapshot
from account_import.tests.files import ANNA, BO, HEADER


@pytest.mark.django_db
def test_a_dry_run_prints_what_would_change_and_applies_nothing(import_file: Import) -> None:
    import_file(*many(20), BO, "cde345,Cæcilie,Dahl,,1,0,da")
    account("off001", is_active=False)
    before = snapshot()
    lines = [*many(20), "bcd234,Bo,Dam,,0,1,en", ANNA, "off001,Ole,Friis,,1,0,"]
    printed = import_file(*lines, dry_run=True, deactivate_missing=True)
    assert snapshot() == before
    assert printed.splitlines() == [
        "created:     1",
        "    abc123",
        "changed:     1 (last_name 1, email 1)",
        "    bcd234: last_name, email",
        "reactivated: 1 (first_name 1, last_name 1)",
        "    off001: first_name, last_name",
        "deactivated: 1",
        "    cde345",
        "unchanged:   20",
        "Dry run: nothing was applied.",
    ]


@pytest.mark.django_db
def test_a_dry_run_names_the_first_twenty_by_username(import_file: Import) -> None:
    printed = import_file(*reversed(many(23)), dry_run=True).splitlines()
    assert printed[:2] == ["created:     23", "    many000"]
    assert printed[20:22] == ["    many019", "    and 3 more"]


@pytest.mark.django_db
def test_a_dry_run_says_that_the_import_would_be_refused_and_shows_whom_the_file_lacks(
    import_file: Import, file: Path
) -> None:
    import_file(ANNA, BO)
    file.write_text(f"{HEADER}\n{ANNA}\n")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2 active accounts"):
        call_command("import_accounts", str(file), dry_run=True, deactivate_missing=True, stdout=out)
    assert "deactivated: 1\n    bcd234\n" in out.getvalue()
    assert "deactivated: 1" in import_file(ANNA, dry_run=True, deactivate_missing=True, force=True)


@pytest.mark.django_db
def test_an_existing_username_that_looks_like_a_cpr_number_is_not_printed(import_file: Import) -> None:
    account("x0101901234")
    printed = import_file(ANNA, dry_run=True, deactivate_missing=True, force=True)
    assert "deactivated: 1\n    (looks like a CPR number)\n" in printed
    assert "0101901234" not in printed
