"""`manage.py import_accounts`: what a file does to the accounts."""

import pytest

from account_import.tests.command import Import, account, many, reasons, snapshot
from account_import.tests.files import ANNA, BO
from accounts.models import Account


@pytest.mark.django_db
def test_a_new_row_becomes_an_active_account_that_cannot_sign_in_before_a_reset(import_file: Import) -> None:
    import_file("ABC123,Anna,Lund,anna@example.dk,1,0,en")
    anna = Account.objects.get(username="abc123")
    assert (anna.first_name, anna.last_name, anna.email, anna.language) == ("Anna", "Lund", "anna@example.dk", "en")
    assert (anna.is_student, anna.is_employee, anna.is_active, anna.is_staff) == (True, False, True, False)
    assert not anna.has_usable_password()
    assert anna.password_changed_at is None
    assert reasons("abc123") == ["created"]


@pytest.mark.django_db
def test_a_second_import_of_the_same_file_does_nothing(import_file: Import) -> None:
    import_file(ANNA, BO)
    before = snapshot()
    assert "unchanged:   2" in import_file(ANNA, BO)
    assert snapshot() == before


@pytest.mark.django_db
def test_only_the_fields_that_differ_are_written(import_file: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    import_file(ANNA)
    Account.objects.filter(username="abc123").update(is_staff=True, password="kept", session_epoch=7)
    written = []
    bulk_update = Account.objects.bulk_update

    def recorded(accounts: list[Account], names: tuple[str, ...]) -> int:
        written.append(names)
        return bulk_update(accounts, names)

    monkeypatch.setattr(Account.objects, "bulk_update", recorded)
    printed = import_file("abc123,Anna,Holm,anna@example.dk,1,1,da")
    assert "changed:     1 (last_name 1, is_employee 1)" in printed
    assert written == [("last_name", "is_employee")]
    anna = Account.objects.get(username="abc123")
    assert (anna.first_name, anna.last_name, anna.is_employee) == ("Anna", "Holm", True)
    assert (anna.is_staff, anna.password, anna.session_epoch) == (True, "kept", 7)
    assert reasons("abc123") == ["created", "changed"]


@pytest.mark.django_db
def test_accounts_that_change_in_different_fields_each_get_their_own(import_file: Import) -> None:
    import_file(ANNA, BO)
    import_file("abc123,Anne,Lund,anna@example.dk,1,0,da", "bcd234,Bo,Krogh,,0,1,en")
    assert Account.objects.get(username="abc123").first_name == "Anne"
    assert Account.objects.get(username="abc123").email == "anna@example.dk"
    assert Account.objects.get(username="bcd234").first_name == "Bo"
    assert Account.objects.get(username="bcd234").email == ""


@pytest.mark.django_db
def test_an_empty_language_is_danish_for_a_new_account_and_leaves_an_existing_one_alone(import_file: Import) -> None:
    account("bcd234", language="en")
    import_file("abc123,Anna,Lund,,1,0,", "bcd234,Bo,Krogh,,1,0,")
    assert Account.objects.get(username="abc123").language == "da"
    assert Account.objects.get(username="bcd234").language == "en"


@pytest.mark.django_db
def test_a_deactivated_account_that_is_in_the_file_again_is_reactivated_with_what_the_file_says(
    import_file: Import,
) -> None:
    account(is_active=False, session_epoch=3, first_name="Old")
    assert "reactivated: 1" in import_file(ANNA)
    anna = Account.objects.get(username="abc123")
    assert (anna.is_active, anna.first_name) == (True, "Anna")
    assert reasons("abc123") == ["reactivated"]


@pytest.mark.django_db
def test_a_session_from_before_a_deactivation_stays_ended_after_the_reactivation(import_file: Import) -> None:
    import_file(ANNA)
    before = Account.objects.get(username="abc123")
    Account.objects.filter(username="abc123").update(is_active=False)
    import_file(ANNA)
    after = Account.objects.get(username="abc123")
    assert after.is_active
    assert after.get_session_auth_hash() != before.get_session_auth_hash()


@pytest.mark.django_db
def test_accounts_that_are_not_in_the_file_are_left_alone_unless_asked_for(import_file: Import) -> None:
    import_file(ANNA, BO)
    import_file(ANNA)
    assert Account.objects.get(username="bcd234").is_active
    assert reasons("bcd234") == ["created"]


@pytest.mark.django_db
def test_a_missing_account_is_deactivated_and_its_sessions_end(import_file: Import) -> None:
    import_file(*many(9), BO)
    before = Account.objects.get(username="bcd234")
    assert "deactivated: 1" in import_file(*many(9), deactivate_missing=True)
    after = Account.objects.get(username="bcd234")
    assert not after.is_active
    assert after.get_session_auth_hash() != before.get_session_auth_hash()
    assert reasons("bcd234") == ["created", "deactivated"]


@pytest.mark.django_db
def test_who_is_deactivated_already_is_not_deactivated_again(import_file: Import) -> None:
    import_file(*many(9), BO)
    import_file(*many(9), deactivate_missing=True)
    before = snapshot()
    assert "deactivated: 0" in import_file(*many(9), deactivate_missing=True)
    assert snapshot() == before


@pytest.mark.django_db
def test_staff_accounts_stay_active_when_the_file_lacks_them_and_are_named(import_file: Import) -> None:
    account("adm001", is_staff=True)
    printed = import_file(ANNA, deactivate_missing=True, force=True)
    assert Account.objects.get(username="adm001").is_active
    assert "kept:        1 staff accounts are not in the file and stay active\n    adm001\n" in printed
    assert reasons("adm001") == []
