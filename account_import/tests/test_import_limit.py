"""An import that would deactivate unusually many accounts is refused, unless it is forced."""

import pytest
from pytest_django.fixtures import Settings

from account_import.tests.command import Import, account, many, snapshot
from account_import.tests.files import ANNA
from accounts.models import Account


@pytest.mark.django_db
def test_a_tenth_of_the_active_accounts_may_be_deactivated_and_not_one_more(
    import_file: Import, refusal: Import
) -> None:
    import_file(*many(20))
    account("old001", is_active=False)
    assert "3 of 20 active accounts are not in the file" in refusal(*many(17), deactivate_missing=True)
    assert "deactivated: 2" in import_file(*many(18), deactivate_missing=True)


@pytest.mark.django_db
def test_force_deactivates_more_than_a_tenth(import_file: Import) -> None:
    import_file(*many(20))
    assert "deactivated: 19" in import_file(*many(1), deactivate_missing=True, force=True)
    assert Account.objects.filter(is_active=True).count() == 1


@pytest.mark.django_db
def test_a_file_that_shrinks_again_and_again_is_stopped_within_a_day(import_file: Import, refusal: Import) -> None:
    import_file(*many(100))
    import_file(*many(94), deactivate_missing=True)
    assert "6 were deactivated within a day" in refusal(*many(88), deactivate_missing=True)
    assert Account.objects.filter(is_active=True).count() == 94


@pytest.mark.django_db
def test_the_share_that_may_leave_is_a_setting(import_file: Import, settings: Settings) -> None:
    settings.IMPORT_MISSING_PERCENT_MAX = 60
    import_file(*many(10))
    assert "deactivated: 5" in import_file(*many(5), deactivate_missing=True)


@pytest.mark.django_db
def test_a_file_with_no_row_deactivates_nobody_without_force(import_file: Import, refusal: Import) -> None:
    import_file(ANNA)
    for number in range(30):
        account(f"adm{number:03}", is_staff=True)
    assert "1 of 31 active accounts are not in the file" in refusal(deactivate_missing=True)
    assert "deactivated: 1" in import_file(deactivate_missing=True, force=True)


@pytest.mark.django_db
def test_a_file_with_no_row_does_nothing(import_file: Import) -> None:
    import_file(ANNA)
    before = snapshot()
    assert "unchanged:   0" in import_file()
    assert snapshot() == before
