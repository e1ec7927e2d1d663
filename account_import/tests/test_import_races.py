"""Concurrent imports write each account once, with one event."""

import pytest
from django.db import transaction

from account_import import uploads
from account_import.models import AccountImport
from account_import.tests.files import csv_of, import_of, many
from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.tests.races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]

ROWS = 1200


@pytest.fixture
def ready(transactional_db: None) -> AccountImport:
    importer = Account.objects.create_user("adm111", is_employee=True, is_staff=True)
    row = import_of(importer, csv_of(*many(ROWS)))
    uploads.check_import(row.pk)
    row.refresh_from_db()
    return row


def begin(row: AccountImport) -> bool:
    return uploads.start_import(row.pk, row.fingerprint, row.uploaded_by, force=False)


def test_of_two_who_press_apply_at_once_one_does(ready: AccountImport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "publish_soon", lambda task, pk: None)
    assert sorted(at_once([lambda: begin(ready)] * 4), key=str) == [False, False, False, True]


def test_of_two_workers_at_once_one_applies(ready: AccountImport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "publish_soon", lambda task, pk: None)
    assert begin(ready)
    assert sorted(at_once([lambda: uploads.apply_import(ready.pk)] * 3), key=str) == [False, False, True]
    assert Account.objects.filter(username__startswith="many").count() == ROWS
    assert SecurityEvent.objects.filter(kind="account_imported", actor=ready.uploaded_by).count() == ROWS


def test_the_sweep_passes_over_what_a_worker_is_at(ready: AccountImport) -> None:
    AccountImport.objects.update(state="applying", state_at="2020-01-01T00:00Z")
    with transaction.atomic():
        AccountImport.objects.select_for_update().get()
        assert at_once([uploads.sweep_imports]) == [0]
    assert at_once([uploads.sweep_imports]) == [1]


def test_two_files_at_once_with_the_same_rows_create_each_account_once(
    ready: AccountImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "publish_soon", lambda task, pk: None)
    other = import_of(ready.uploaded_by, csv_of(*many(ROWS)))
    uploads.check_import(other.pk)
    other.refresh_from_db()
    assert begin(ready)
    assert begin(other)
    results = at_once([lambda: uploads.apply_import(ready.pk), lambda: uploads.apply_import(other.pk)])
    assert sorted(results, key=str) == [False, True]
    assert SecurityEvent.objects.filter(kind="account_imported").count() == ROWS
    assert sorted(AccountImport.objects.values_list("state", flat=True)) == ["applied", "ready"]
