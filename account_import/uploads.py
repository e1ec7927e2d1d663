"""A file that an administrator uploads: checked, shown, and applied as it was shown, or not at all.

    checking → ready → applying → applied
        └→ refused  └→ dropped └→ ready (what was shown no longer holds), failed (given up)

Each step is one conditional UPDATE, so that a second click, another tab, a second worker and a task that is delivered
twice find nothing to do. What a killed worker has left is as it was before; the sweep hands it over again.
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
    """Keep a file and have it checked: at once, or by a worker if it is long."""
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
    """Find out what the file would change, or what is wrong with it; whether that was still to be done."""
    row = _in_state(State.CHECKING).filter(pk=import_id).first()
    if row is None:
        return False
    wanted = _read(row)
    return wanted is not None and _show(row, wanted)


def start_import(import_id: int, shown: str, actor: Account, *, force: bool) -> bool:
    """Have a file applied as it was shown; whether it waited for that, and the plan shown is still the one."""
    waiting = AccountImport.objects.filter(pk=import_id, state=State.READY, fingerprint=shown)
    now = timezone.now()
    if not outbox.claim(waiting, state=State.APPLYING, state_at=now, applied_by=actor, forced=force):
        return False
    count = AccountImport.objects.values_list("rows", flat=True).get(pk=import_id)
    _run_or_publish(import_id, count or 0, apply_import)
    return True


@shared_task(name="account_import.apply_import", expires=_UNTIL_NEXT_SWEEP)
def apply_import(import_id: int) -> bool:
    """Apply a file that was started; whether it is applied now, and by this call.

    The state changes in the transaction of the accounts, under the lock of the import's row: who finds it locked leaves
    it to whoever works on it.
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
    """Forget a file that nobody applies; whether it waited, or was refused."""
    row = _in_state(*DROPPABLE).filter(pk=import_id).defer("content").first()
    return row is not None and _forget(row, State.DROPPED)


@shared_task(name="account_import.sweep_imports")
def sweep_imports() -> int:
    """Hand over again what a worker or the broker has lost, give up what fails for long; return how many it found."""
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
    """Drop files that nobody has applied, and names from old summaries; return of how many imports."""
    old = AccountImport.objects.exclude(state__in=BUSY).filter(state_at__lt=timezone.now() - settings.IMPORTS_KEPT)
    named = old.filter(summary__has_any_keys=["examples", "problems"]).defer("content")
    return sum(_forget(row, State.DROPPED if row.state == State.READY else row.state) for row in named)


def _forget(row: AccountImport, state: str) -> bool:
    return _move(row.pk, row.state, state, content=b"", summary=summary.without_names(row.summary))


def _run_or_publish(import_id: int, count: int, work: "Task[[int], bool]") -> None:
    """Do it now, or have a worker do it where there are many rows."""
    if count <= settings.IMPORT_ROWS_IN_REQUEST:
        work(import_id)
    else:
        transaction.on_commit(partial(publish_soon, work, import_id))


def _in_state(*states: str) -> QuerySet[AccountImport]:
    return AccountImport.objects.filter(state__in=states)


def _read(row: AccountImport) -> dict[str, rows.AccountRow] | None:
    """Return the rows of the file; None where it is bad, which is then how its import stands."""
    content = bytes(row.content)
    try:
        return rows.read_from(BytesIO(content), len(content), Progress(row.pk))
    except BadFile as bad:
        _move(row.pk, row.state, State.REFUSED, content=b"", summary=summary.of_problems(bad.problems))
        return None


def _show(row: AccountImport, wanted: dict[str, rows.AccountRow], note: str = "") -> bool:
    """Make a preview of what the accounts are now."""
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
    """Change the state, if it is still what it was."""
    waiting = AccountImport.objects.filter(pk=import_id, state=state)
    return outbox.claim(waiting, state=to, state_at=timezone.now(), **fields)
