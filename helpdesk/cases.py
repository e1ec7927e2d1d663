"""Cases of locks and compromise reports. Opening, taking and closing each commit together with an event."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_otp.models import Device

from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from helpdesk import events, rules
from helpdesk.models import Case


def open_for_lock(sender: object, event: SecurityEvent, **kwargs: object) -> None:
    """Open a case for a device that wrong codes locked. Receives `device_locked`, in its transaction.

    A device has at most one open case, however often it is locked.
    """
    account = event.account
    if account is None:
        return
    if not _open_locks(account).filter(event__method=event.method, event__device_id=event.device_id).exists():
        Case.objects.create(kind=Case.Kind.LOCKED, account=account, event=event)


def open_reported(account: Account, event: SecurityEvent) -> None:
    """Open a case for an event that the owner reported, in the transaction of the compromise report."""
    Case.objects.create(kind=Case.Kind.REPORTED, account=account, event=event)


def reported_devices(account: Account) -> set[tuple[str, int | None]]:
    """Return the devices with an open compromise report, as (app, id). They must not be unlocked."""
    return set(_open_reports(account).exclude(event__device_id=None).values_list("event__method", "event__device_id"))


def take_case(agent: Account, case: Case, taken_by: str, client: ClientInfo) -> bool:
    """Take a case, possibly from a colleague. Return False if it is closed or another agent took it first.

    `taken_by` is the id of the agent who had the case when the page was loaded, or an empty string.
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
    """Save the agent's note. Return False if the agent does not have the case."""
    with transaction.atomic():
        row = _own_row(agent, case)
        if row is None:
            return False
        row.note = text
        row.save(update_fields=["note"])
    return True


def close_case(agent: Account, case: Case, text: str, client: ClientInfo) -> bool:
    """Save the last note and close the case. Return False if the agent does not have the case.

    Once no report of the account is open, a password alone may enroll again if the account never had a method.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=case.account_id)
        row = _own_row(agent, case)
        if row is None:
            return False
        row.note = text
        row.save(update_fields=["note"])
        _close(agent, row, client)
        if not _open_reports(account).exists():
            states.end_report(account)
    return True


def close_locked(agent: Account, account: Account, client: ClientInfo, device: Device | None = None) -> None:
    """Close the cases of locks that the agent has just ended, for one device or the whole account.

    Call it in the action's transaction. The agent closes the case even if a colleague had taken it.
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


def _open_reports(account: Account) -> QuerySet[Case]:
    return Case.objects.filter(account=account, kind=Case.Kind.REPORTED, closed_at=None)


def _open_locks(account: Account) -> QuerySet[Case]:
    return Case.objects.filter(account=account, kind=Case.Kind.LOCKED, closed_at=None)


def _locked_row(agent: Account, case: Case) -> Case | None:
    """Lock and return the case. Return None if it is closed or the agent may not handle it."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(pk=case.pk, closed_at=None).first()
    return row if row is not None and rules.may_handle(agent, row) else None


def _own_row(agent: Account, case: Case) -> Case | None:
    row = _locked_row(agent, case)
    return row if row is not None and row.taken_by_id == agent.pk else None
