"""Applies a plan: writes accounts in batches, with one security event per account."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F

from account_import import events, notices
from account_import.plan import Difference, Missing, Plan, RowOutcome, make_plan
from account_import.rows import AccountRow, Progress
from accounts.models import Account
from common import advisory_lock
from notices import notify

Item = TypeVar("Item")

_BATCH = 500
# Any number that no other advisory lock of this database uses.
_LOCK = 0x6B756D6661


class PlanDiffers(RuntimeError):
    """The accounts changed since the plan was shown. Nothing was applied."""


class ChangedMeanwhile(RuntimeError):
    """Another process created one of the accounts during the import. Nothing was applied."""


def apply(
    rows: dict[str, AccountRow],
    progress: Progress,
    *,
    deactivate_missing: bool,
    force: bool,
    actor: Account | None = None,
    shown: str = "",
) -> Plan:
    """Change the accounts to match the rows, in one transaction. Return the plan that was applied.

    `actor` is the administrator who applies the file. `shown` is the fingerprint of the plan that they saw.

    Raises `TooManyMissing` (unless `force` is True), `PlanDiffers` or `ChangedMeanwhile`. Then nothing is applied.
    """
    try:
        with transaction.atomic():
            advisory_lock.wait_for_lock(_LOCK)  # one import at a time
            plan = make_plan(rows, deactivate_missing=deactivate_missing)
            if shown and plan.fingerprint() != shown:
                raise PlanDiffers("The accounts were changed since the file was checked.")
            if not force:
                plan.refuse_mass_deactivation()
            _write(plan, progress, actor)
    except IntegrityError as error:
        raise ChangedMeanwhile("The accounts were changed while the import ran.") from error
    return plan


def _write(plan: Plan, progress: Progress, actor: Account | None) -> None:
    total = len(plan.created) + len(plan.changed) + len(plan.reactivated) + len(plan.deactivated)
    done = 0
    former = {one.account_id: one.former_email for one in (*plan.changed, *plan.reactivated) if "email" in one.fields}
    for accounts, outcome, names in _written(plan):
        written = events.accounts_imported(accounts, outcome, actor, names)
        if notices.TOLD & set(names):
            notify.notify_owners(written, notices.DETAILS_CHANGED, former)
        done += len(accounts)
        progress("Writing", done, total)


def _written(plan: Plan) -> Iterator[tuple[list[Account], RowOutcome, tuple[str, ...]]]:
    for rows in _batches(plan.created):
        yield _create(rows), RowOutcome.CREATED, ()
    # Write only the fields that differ, so concurrent changes to other fields are kept.
    for names, differences in _by_fields(plan.changed).items():
        for batch in _batches(differences):
            yield _change(batch, names), RowOutcome.CHANGED, names
    for names, differences in _by_fields(plan.reactivated).items():
        for batch in _batches(differences):
            yield _reactivate(batch, names), RowOutcome.REACTIVATED, names
    for missing in _batches(plan.deactivated):
        yield _deactivate(missing), RowOutcome.DEACTIVATED, ()


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def _by_fields(differences: Sequence[Difference]) -> dict[tuple[str, ...], list[Difference]]:
    groups: dict[tuple[str, ...], list[Difference]] = defaultdict(list)
    for difference in differences:
        groups[difference.fields].append(difference)
    return groups


def _create(rows: Sequence[AccountRow]) -> list[Account]:
    accounts = []
    for row in rows:
        account = Account(
            username=row.username,
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            is_student=row.is_student,
            is_employee=row.is_employee,
            directory_id=row.directory_id or None,
            **({"language": row.language, "language_known": True} if row.language else {}),
        )
        account.set_unusable_password()
        accounts.append(account)
    return Account.objects.bulk_create(accounts)


def _change(differences: Sequence[Difference], names: tuple[str, ...]) -> list[Account]:
    accounts = [_stub(difference) for difference in differences]
    Account.objects.bulk_update(accounts, _columns(names))
    return accounts


def _reactivate(differences: Sequence[Difference], names: tuple[str, ...]) -> list[Account]:
    if names:
        Account.objects.bulk_update([_stub(difference) for difference in differences], _columns(names))
    return _switch([difference.account_id for difference in differences], active=True)


def _deactivate(missing: Sequence[Missing]) -> list[Account]:
    return _switch([account.account_id for account in missing], active=False)


def _switch(account_ids: list[int], *, active: bool) -> list[Account]:
    # SECURITY: raise the epoch both ways. A session from before a deactivation must not become valid again after a
    # reactivation. This must not depend on whether the deactivation ended the sessions.
    Account.objects.filter(pk__in=account_ids).update(is_active=active, session_epoch=F("session_epoch") + 1)
    return [Account(pk=account_id) for account_id in account_ids]


def _stub(difference: Difference) -> Account:
    """Return an unsaved account with only the changed fields, to avoid a query for the others."""
    fields = {name: getattr(difference.row, name) for name in difference.fields}
    return Account(pk=difference.account_id, language_known=True, **fields)


def _columns(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*names, "language_known") if "language" in names else names
