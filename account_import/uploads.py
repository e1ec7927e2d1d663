"""The steps of an uploaded file: check it, show a preview, and apply exactly what the preview showed.

    checking → ready → applying → applied
        └→ refused  └→ dropped └→ ready (the preview is outdated), failed (given up)

Each step is one conditional UPDATE. A second click, another tab, a second worker or a task that is delivered twice
therefore changes nothing. A killed worker leaves its row unchanged, and the sweep publishes the task again.
"""

from functools import partial
from io import BytesIO
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from account_import import plan, rows, summary, writing
from account_import.models import AccountImport
from account_import.progress import Progress
from account_import.records import BadFile
from accounts.account_names import contains_cpr
from accounts.models import Account
from common import outbox
from common.publishing import publish_soon

State = AccountImport.State
BUSY = (State.CHECKING, State.APPLYING)
DROPPABLE = (State.CHECKING, State.READY, State.REFUSED)
_NAME_LENGTH = 100
_UNTIL_NEXT_SWEEP = 300.0  # seconds; the sweep publishes an unfinished import again


def receive_file(account: Account, name: str, content: bytes, *, deactivate_missing: bool) -> AccountImport:
    """Store a file and check it: at once if it is short, otherwise in a worker."""
    row = AccountImport.objects.create(
        uploaded_by=account,
        file_name="(CPR)" if contains_cpr(name) else name[:_NAME_LENGTH],
        content=content,
        deactivate_missing=deactivate_missing,
    )
    _run_or_publish(row.pk, content.count(b"\n"), check_import)
    return row


@shared_task(name="account_import.check_import", expires=_UNTIL_NEXT_SWEEP)
def check_import(import_id: int) -> bool:
    """Check the file and store the preview or the problems. Return False if it was already checked or has errors."""
    row = _in_state(State.CHECKING).filter(pk=import_id).first()
    if row is None:
        return False
    wanted = _read(row)
    return wanted is not None and _show(row, wanted)


def start_import(import_id: int, shown: str, actor: Account | None, *, force: bool) -> bool:
    """Start applying a file. Return False if it is not ready, or if its plan is not the one `shown`."""
    waiting = AccountImport.objects.filter(pk=import_id, state=State.READY, fingerprint=shown)
    now = timezone.now()
    if not outbox.claim(waiting, state=State.APPLYING, state_at=now, applied_by=actor, forced=force):
        return False
    count = AccountImport.objects.values_list("rows", flat=True).get(pk=import_id)
    _run_or_publish(import_id, count or 0, apply_import)
    return True


@shared_task(name="account_import.apply_import", expires=_UNTIL_NEXT_SWEEP)
def apply_import(import_id: int) -> bool:
    """Apply a started import. Return whether this call applied it.

    The state changes in the same transaction as the accounts, under a lock on the import's row. If the row is locked,
    another worker applies it and this call does nothing.
    """
    with transaction.atomic():
        row = _in_state(State.APPLYING).select_for_update(skip_locked=True, of=("self",)).filter(pk=import_id).first()
        if row is None:
            return False
        wanted = _read(row)
        if wanted is None:
            return False
        try:
            done = writing.apply(
                wanted,
                Progress(import_id),
                deactivate_missing=row.deactivate_missing,
                force=row.forced,
                actor=row.applied_by,
                shown=row.fingerprint,
            )
        except (writing.PlanDiffers, writing.ChangedMeanwhile):
            _show(row, wanted, summary.CHANGED_MEANWHILE)
            return False
        except plan.TooManyMissing:
            _show(row, wanted, summary.TOO_MANY_MEANWHILE)
            return False
        return _move(import_id, State.APPLYING, State.APPLIED, content=b"", summary=summary.of_plan(done))


def drop_import(import_id: int) -> bool:
    """Discard a file that is not being applied. Return False if it was in no state that can be dropped."""
    row = _in_state(*DROPPABLE).filter(pk=import_id).defer("content").first()
    return row is not None and _forget(row, State.DROPPED)


@shared_task(name="account_import.sweep_imports")
def sweep_imports() -> int:
    """Publish stuck imports again, and mark those that are stuck for too long as failed. Return how many were stuck."""
    now = timezone.now()
    with transaction.atomic():
        stuck = _in_state(*BUSY).filter(state_at__lte=now - settings.IMPORT_STUCK_AFTER)
        found = outbox.lock_free(stuck.defer("content"))
        for row in found:
            if row.state_at <= now - settings.IMPORT_GIVEN_UP_AFTER:
                _move(row.pk, row.state, State.FAILED, content=b"", summary={"note": summary.GIVEN_UP})
            else:
                task = check_import if row.state == State.CHECKING else apply_import
                transaction.on_commit(partial(publish_soon, task, row.pk))
    return len(found)


def purge_imports() -> int:
    """Drop old files that were never applied, and remove names from old summaries. Return the number of imports."""
    old = AccountImport.objects.exclude(state__in=BUSY).filter(state_at__lt=timezone.now() - settings.IMPORTS_KEPT)
    named = old.filter(summary__has_any_keys=["examples", "problems"]).defer("content")
    return sum(_forget(row, State.DROPPED if row.state == State.READY else row.state) for row in named)


def _forget(row: AccountImport, state: str) -> bool:
    return _move(row.pk, row.state, state, content=b"", summary=summary.without_names(row.summary))


def _run_or_publish(import_id: int, count: int, work: "Task[[int], bool]") -> None:
    """Run the task now, or publish it if there are many rows."""
    if count <= settings.IMPORT_ROWS_IN_REQUEST:
        work(import_id)
    else:
        transaction.on_commit(partial(publish_soon, work, import_id))


def _in_state(*states: str) -> QuerySet[AccountImport]:
    return AccountImport.objects.filter(state__in=states)


def _read(row: AccountImport) -> dict[str, rows.AccountRow] | None:
    """Return the rows of the file. If the file is bad, mark the import as refused and return None."""
    content = bytes(row.content)
    try:
        return rows.read_from(BytesIO(content), len(content), Progress(row.pk))
    except BadFile as bad:
        _move(row.pk, row.state, State.REFUSED, content=b"", summary=summary.of_problems(bad.problems))
        return None


def _show(row: AccountImport, wanted: dict[str, rows.AccountRow], note: str = "") -> bool:
    """Store a preview of the changes against the current accounts."""
    made = plan.make_plan(wanted, deactivate_missing=row.deactivate_missing)
    return _move(
        row.pk,
        row.state,
        State.READY,
        rows=len(wanted),
        summary=summary.of_plan(made, note),
        fingerprint=made.fingerprint(),
        applied_by=None,
        forced=False,
    )


def _move(import_id: int, state: str, to: str, **fields: Any) -> bool:
    """Change the state, if it is still `state`. Return whether it changed."""
    waiting = AccountImport.objects.filter(pk=import_id, state=state)
    return outbox.claim(waiting, state=to, state_at=timezone.now(), **fields)
