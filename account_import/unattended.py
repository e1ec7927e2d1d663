"""Imports started by a program: the rows come from another system and are applied without a preview."""

import csv
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from io import BytesIO, StringIO

from django.utils import timezone

from account_import import uploads
from account_import.models import AccountImport
from account_import.plan import Plan, make_plan
from account_import.rows import AccountRow, Column, read_cells, read_from
from common import outbox

logger = logging.getLogger(__name__)

State = AccountImport.State


def import_people(name: str, people: Iterable[Mapping[Column, str]]) -> AccountImport:
    """Make the accounts match the people, each with the cells of a row. Return the import as it is then.

    It is applied, unless it would deactivate too many accounts: then it waits for an administrator to confirm that.
    Earlier imports with the same name that still wait are discarded. Cells that cannot be imported count as empty, so
    that one bad entry does not stop all others. People without a usable username are left out.
    """
    for waiting in AccountImport.objects.filter(file_name=name, state=State.READY).values_list("pk", flat=True):
        uploads.drop_import(waiting)
    row = AccountImport.objects.create(file_name=name, content=_as_file(people), deactivate_missing=True)
    uploads.check_import(row.pk)
    row.refresh_from_db()
    ready = AccountImport.objects.filter(pk=row.pk, state=State.READY, summary__too_many=False)
    if outbox.claim(ready, state=State.APPLYING, state_at=timezone.now()):
        uploads.apply_import(row.pk)
        row.refresh_from_db()
    return row


def plan_people(people: Iterable[Mapping[Column, str]]) -> Plan:
    """Return what `import_people` would change."""
    content = _as_file(people)
    rows = read_from(BytesIO(content), len(content), lambda step, done, total: None)
    return make_plan(rows, deactivate_missing=True)


def _as_file(people: Iterable[Mapping[Column, str]]) -> bytes:
    file = StringIO()
    writer = csv.DictWriter(file, [column.value for column in Column])
    writer.writeheader()
    seen: set[str] = set()
    left_out = 0
    for cells in people:
        row = read_cells(cells)
        if not row.username or row.username in seen or not (row.is_student or row.is_employee):
            left_out += 1
            continue
        seen.add(row.username)
        writer.writerow(_cells(row))
    if left_out:
        logger.warning("%s people were left out: no usable username, one that two people have, or no role.", left_out)
    return file.getvalue().encode()


def _cells(row: AccountRow) -> dict[str, str]:
    values = asdict(row)
    values["student"], values["employee"] = int(values.pop("is_student")), int(values.pop("is_employee"))
    return {name: str(value) for name, value in values.items()}
