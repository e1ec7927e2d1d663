"""Rows are changed and deleted in batches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from common import batches
from tests.fixtures import MakeAccount


def test_no_statement_changes_more_than_a_batch(make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    for number in range(5):
        make_account(f"abc{number:03}")
    sizes: list[int] = []
    active = Account.objects.filter(is_active=True).order_by("pk")
    assert batches.change_in_batches(active, lambda rows: sizes.append(rows.update(is_active=False))) == 5
    assert sizes == [2, 2, 1]


def test_what_was_found_is_deleted_and_counted(make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    kept = make_account("kept01", is_student=True)
    for number in range(3):
        make_account(f"abc{number:03}")
    with CaptureQueriesContext(connection) as queries:
        assert batches.delete_in_batches(Account.objects.filter(is_student=False).order_by("pk")) == 3
    assert list(Account.objects.all()) == [kept]
    assert sum('DELETE FROM "accounts_account" ' in query["sql"] for query in queries.captured_queries) == 2
