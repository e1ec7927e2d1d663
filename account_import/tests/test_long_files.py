"""A worker checks and applies long files: progress, and recovery after a lost worker."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from account_import import events as import_events
from account_import import progress, uploads
from account_import import uploads as account_import_uploads
from account_import.models import AccountImport
from account_import.tests.files import ANNA, csv_of, import_of, last, many, page, post, upload
from accounts.models import Account
from audit.models import SecurityEvent
from tests.fixtures import Browser


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The tasks that were published. They do not run."""
    found: list[tuple[str, int]] = []
    monkeypatch.setattr(uploads, "publish_soon", lambda task, pk: found.append((task.name.rpartition(".")[2], pk)))
    return found


@pytest.fixture
def short_limit(settings: Settings) -> None:
    settings.IMPORT_ROWS_IN_REQUEST = 5


def age(row: AccountImport, **time: int) -> None:
    AccountImport.objects.filter(pk=row.pk).update(state_at=timezone.now() - timedelta(**time))


def test_a_long_file_is_checked_and_applied_by_a_worker(
    desk: Browser, published: list[tuple[str, int]], short_limit: None
) -> None:
    shown = upload(desk, csv_of(*many(10)))
    assert shown.headers["Refresh"] == "3"
    assert "This page refreshes automatically" in shown.content.decode()
    account_import_uploads.check_import(last().pk)
    assert "Created: 10" in page(desk, last())
    post(desk, "apply", last())
    assert not Account.objects.filter(username__startswith="many").exists()
    account_import_uploads.apply_import(last().pk)
    assert Account.objects.filter(username__startswith="many").count() == 10
    assert published == [("check_import", last().pk), ("apply_import", last().pk)]
    assert "Refresh" not in desk.get(reverse("admin:account_import_accountimport_change", args=[last().pk])).headers


def test_a_short_file_is_checked_and_applied_at_once(desk: Browser, published: list[tuple[str, int]]) -> None:
    upload(desk, csv_of(ANNA))
    post(desk, "apply", last())
    assert (last().state, published) == ("applied", [])


def test_a_busy_import_says_how_far_it_is(desk: Browser, published: list[tuple[str, int]], short_limit: None) -> None:
    upload(desk, csv_of(*many(10)))
    progress.Progress(last().pk)("Writing", 3, 4)
    assert "Writing the accounts: 75 %." in page(desk, last())


def test_checking_and_applying_note_their_progress(importer: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[Any] = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: noted.append(value))
    row = import_of(importer, csv_of(*many(1200)))
    uploads.check_import(row.pk)
    row.refresh_from_db()
    uploads.start_import(row.pk, row.fingerprint, importer, force=False)
    uploads.apply_import(row.pk)
    assert ["Writing", 500, 1200] in noted
    assert [step for step, done, total in noted if 0 < done < total].count("Reading") >= 1


def test_a_cache_that_is_gone_stops_no_import(importer: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "set", gone)
    monkeypatch.setattr(cache, "get", gone)
    row = import_of(importer, csv_of(ANNA))
    assert uploads.check_import(row.pk)
    assert progress.seen(row.pk) is None


def test_a_worker_that_dies_in_the_middle_applies_nothing_and_the_next_one_applies_all(
    importer: Account, monkeypatch: pytest.MonkeyPatch, published: list[tuple[str, int]], short_limit: None
) -> None:
    row = import_of(importer, csv_of(*many(1200)))
    uploads.check_import(row.pk)
    row.refresh_from_db()
    assert uploads.start_import(row.pk, row.fingerprint, importer, force=False)
    with monkeypatch.context() as patched:
        patched.setattr(import_events, "accounts_imported", dying_after(1))
        with pytest.raises(SystemExit):
            account_import_uploads.apply_import(row.pk)
    row.refresh_from_db()
    assert (row.state, Account.objects.filter(username__startswith="many").count()) == ("applying", 0)
    account_import_uploads.apply_import(row.pk)
    account_import_uploads.apply_import(row.pk)
    row.refresh_from_db()
    assert (row.state, Account.objects.filter(username__startswith="many").count()) == ("applied", 1200)
    assert SecurityEvent.objects.filter(kind="account_imported").count() == 1200


def dying_after(batches: int) -> Callable[..., None]:
    real = import_events.accounts_imported
    left = [batches]

    def write(*args: Any) -> None:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        real(*args)

    return write


@pytest.mark.parametrize(("state", "task"), [("checking", "check_import"), ("applying", "apply_import")])
def test_the_sweep_hands_over_again_what_has_stood_still(
    importer: Account,
    published: list[tuple[str, int]],
    state: str,
    task: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    row = import_of(importer, csv_of(ANNA), state=state)
    assert uploads.sweep_imports() == 0
    age(row, minutes=6)
    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.sweep_imports() == 1
    assert published == [(task, row.pk)]


def test_what_fails_for_an_hour_is_given_up_with_words(desk: Browser, importer: Account) -> None:
    row = import_of(importer, csv_of(ANNA), state="applying")
    age(row, minutes=61)
    account_import_uploads.sweep_imports()
    row.refresh_from_db()
    assert (row.state, bytes(row.content)) == ("failed", b"")
    assert "the server has tried for an hour" in page(desk, row)
    assert not uploads.apply_import(row.pk)


def test_nothing_that_waits_for_a_person_is_swept(importer: Account) -> None:
    row = import_of(importer, csv_of(ANNA))
    uploads.check_import(row.pk)
    age(row, days=1)
    assert uploads.sweep_imports() == 0
    row.refresh_from_db()
    assert row.state == "ready"


def test_a_file_that_is_dropped_while_it_is_checked_stays_dropped(importer: Account) -> None:
    row = import_of(importer, csv_of(ANNA))
    assert uploads.drop_import(row.pk)
    assert not uploads.check_import(row.pk)
    row.refresh_from_db()
    assert row.state == "dropped"
