"""Cases: opened where a device is locked for good, taken, noted and closed, each with its event in one transaction."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_otp.models import Device

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from helpdesk import events, rules
from helpdesk.models import Case


def open_for_lock(sender: object, event: SecurityEvent, **kwargs: object) -> None:
    """Open a case for a device that wrong codes have locked. Receives `device_locked`, in its transaction.

    A device has one open case at most, however often it is locked.
    """
    account = event.account
    if account is None:
        return
    if not _open_locks(account).filter(event__method=event.method, event__device_id=event.device_id).exists():
        Case.objects.create(kind=Case.Kind.LOCKED, account=account, event=event)


def open_reported(account: Account, event: SecurityEvent) -> None:
    """Open a case for an event that the owner reported, in the transaction of the report."""
    Case.objects.create(kind=Case.Kind.REPORTED, account=account, event=event)


def reported_devices(account: Account) -> set[tuple[str, int | None]]:
    """Return the devices, as app and id, of which the owner has said that they are not theirs: nothing unlocks them."""
    open_reports = Case.objects.filter(account=account, kind=Case.Kind.REPORTED, closed_at=None)
    return set(open_reports.exclude(event__device_id=None).values_list("event__method", "event__device_id"))


def take_case(agent: Account, case: Case, taken_by: str, client: ClientInfo) -> bool:
    """Take a case, also from a colleague: `taken_by` is the id of who had it when the agent looked, empty for nobody.

    False where it is closed, or somebody else was quicker.
    """
    with transaction.atomic():
        row = _locked_row(agent, case)
        if row is None or str(row.taken_by_id or "") != taken_by:
            return False
        row.taken_by = agent
        row.save(update_fields=["taken_by"])
        events.case_taken(agent, row.account, row.pk, client)
    return True


def note_case(agent: Account, case: Case, text: str) -> bool:
    """Keep what the agent has found out. False where the case is not, or no longer, the agent's."""
    with transaction.atomic():
        row = _own_row(agent, case)
        if row is None:
            return False
        row.note = text
        row.save(update_fields=["note"])
    return True


def close_case(agent: Account, case: Case, text: str, client: ClientInfo) -> bool:
    """Close a case with its last note. False where it is not, or no longer, the agent's."""
    with transaction.atomic():
        row = _own_row(agent, case)
        if row is None:
            return False
        row.note = text
        row.save(update_fields=["note"])
        _close(agent, row, client)
    return True


def close_locked(agent: Account, account: Account, client: ClientInfo, device: Device | None = None) -> None:
    """Close what was open because of locks that the agent has just ended: of one device, or of all of the account.

    In the action's transaction. Whoever had taken the case, it is the agent who closes it.
    """
    rows = _open_locks(account).select_for_update(of=("self",))
    if device is not None:
        rows = rows.filter(event__method=device._meta.app_label, event__device_id=device.pk)
    for row in rows:
        _close(agent, row, client)


def _close(agent: Account, row: Case, client: ClientInfo) -> None:
    row.closed_at, row.closed_by = timezone.now(), agent
    row.save(update_fields=["closed_at", "closed_by"])
    events.case_closed(agent, row.account, row.pk, client)


def _open_locks(account: Account) -> QuerySet[Case]:
    return Case.objects.filter(account=account, kind=Case.Kind.LOCKED, closed_at=None)


def _locked_row(agent: Account, case: Case) -> Case | None:
    """Return the case with its row locked, None where it is closed or the agent may not."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(pk=case.pk, closed_at=None).first()
    return row if row is not None and rules.may_handle(agent, row) else None


def _own_row(agent: Account, case: Case) -> Case | None:
    row = _locked_row(agent, case)
    return row if row is not None and row.taken_by_id == agent.pk else None
