"""An import applies exactly what its preview shows. Dropped files are forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from account_import import uploads
from account_import.models import AccountImport
from account_import.tests.files import ANNA, BO, csv_of, last, page, post, upload
from accounts.models import Account
from audit.models import SecurityEvent
from sign_in import step_up
from tests.fixtures import Browser, MakeAccount
from tests.helpers import picture
from tests.interface import in_en


def imported() -> dict[str, str]:
    events = SecurityEvent.objects.filter(kind="account_imported").select_related("account", "actor")
    return {str(event.account): f"{event.reason} by {event.actor}" for event in events}


def test_an_upload_changes_no_account_and_says_what_would_change(desk: Browser, make_account: MakeAccount) -> None:
    make_account("bcd234", first_name="Bo", last_name="Krogh", email="old@example.dk", is_employee=True, language="en")
    before = Account.objects.order_by("pk").values_list()
    shown = upload(desk, csv_of(ANNA, BO)).content.decode()
    assert list(Account.objects.order_by("pk").values_list()) == list(before)
    assert "Created: 1" in shown
    assert "Changed: 1" in shown
    assert "abc123" in shown
    assert "<td>Email address</td>" in shown
    assert not imported()


def test_what_was_shown_is_applied_with_one_event_each_by_who_applied_it(
    desk: Browser, make_account: MakeAccount
) -> None:
    make_account("bcd234", is_employee=True)
    make_account("old999", is_student=True)
    make_account("off999", is_student=True, is_active=False)
    many = [f"more{number}" for number in range(10)]
    for name in many:
        make_account(name, first_name="M", last_name="M", email="", is_student=True)
    upload(
        desk,
        csv_of(ANNA, BO, "off999,Freja,Lund,off999@example.org,1,0,da", *(f"{m},M,M,,1,0," for m in many)),
        deactivate_missing="on",
    )
    shown = page(desk, last())
    assert "Deactivated: 1" in shown
    assert "Active again: 1" in shown
    assert "10 accounts are unchanged." in shown
    assert in_en("The file has been applied.") in post(desk, "apply", last()).content.decode()
    assert imported() == {
        "abc123": "created by adm111",
        "bcd234": "changed by adm111",
        "off999": "reactivated by adm111",
        "old999": "deactivated by adm111",
    }
    row = last()
    assert (row.state, bytes(row.content), str(row.applied_by)) == ("applied", b"", "adm111")


def test_applying_twice_applies_once(desk: Browser) -> None:
    upload(desk, csv_of(ANNA))
    shown = last().fingerprint
    for _turn in range(2):
        desk.post(reverse("admin:import_apply", args=[last().pk]), {"shown": shown})
    assert imported() == {"abc123": "created by adm111"}
    assert not uploads.apply_import(last().pk)


def test_when_accounts_changed_meanwhile_nothing_is_applied_and_the_new_preview_says_so(
    desk: Browser, make_account: MakeAccount
) -> None:
    upload(desk, csv_of(ANNA, BO))
    make_account("abc123", is_student=True)
    answer = post(desk, "apply", last()).content.decode()
    assert "accounts were changed since the file was checked" in answer
    assert "Changed: 1" in answer
    assert not imported()
    post(desk, "apply", last())
    assert imported() == {"abc123": "changed by adm111", "bcd234": "created by adm111"}


def test_an_account_that_became_staff_meanwhile_is_shown_before_it_is_changed(
    desk: Browser, make_account: MakeAccount
) -> None:
    make_account("abc123", is_student=True)
    upload(desk, csv_of(ANNA))
    Account.objects.filter(username="abc123").update(is_staff=True)
    assert "staff account" in post(desk, "apply", last()).content.decode()
    assert not imported()


def test_a_plan_that_somebody_has_not_seen_is_not_applied(desk: Browser) -> None:
    upload(desk, csv_of(ANNA))
    answer = desk.post(reverse("admin:import_apply", args=[last().pk]), {"shown": "f" * 64}, follow=True)
    assert "Look at it again" in answer.content.decode()
    assert (last().state, imported()) == ("ready", {})


def test_staff_whose_mail_address_changes_stand_first_and_are_marked(
    desk: Browser, make_account: MakeAccount, settings: Settings
) -> None:
    settings.IMPORT_EXAMPLES = 2
    for name in ("aaa111", "bbb111", "ccc111"):
        make_account(name, is_student=True)
    make_account("zzz999", is_employee=True, is_staff=True)
    rows = [f"{name},Freja,Lund,new@example.dk,1,0,da" for name in ("aaa111", "bbb111", "ccc111")]
    shown = upload(desk, csv_of(*rows, "zzz999,Freja,Lund,new@example.dk,0,1,da")).content.decode()
    assert shown.index("zzz999 – staff account") < shown.index("aaa111")
    assert "bbb111" not in shown
    assert "The first 2 are shown." in shown


def test_so_many_missing_that_the_file_looks_cut_short_need_a_word_with_their_number(
    desk: Browser, make_account: MakeAccount
) -> None:
    for name in ("aaa111", "bbb111", "ccc111"):
        make_account(name, is_student=True)
    shown = upload(desk, csv_of(ANNA), deactivate_missing="on").content.decode()
    assert "I know that 3 of 4 active accounts will be deactivated" in shown
    assert "Nothing was applied" in post(desk, "apply", last()).content.decode()
    assert (last().state, imported()) == ("ready", {})
    post(desk, "apply", last(), force="on")
    assert sorted(imported().values()) == ["created by adm111", *["deactivated by adm111"] * 3]


def test_a_dropped_file_is_forgotten_and_never_applied(desk: Browser) -> None:
    upload(desk, csv_of(ANNA))
    shown = last().fingerprint
    assert "has been discarded" in post(desk, "drop", last()).content.decode()
    row = last()
    assert (row.state, bytes(row.content)) == ("dropped", b"")
    assert "abc123" not in page(desk, row)
    desk.post(reverse("admin:import_apply", args=[row.pk]), {"shown": shown})
    assert not imported()


def test_a_get_applies_and_drops_nothing(desk: Browser) -> None:
    upload(desk, csv_of(ANNA))
    before = picture()
    for act in ("apply", "drop"):
        desk.get(reverse(f"admin:import_{act}", args=[last().pk]))
    assert picture() == before


def test_neither_list_nor_page_holds_the_file(desk: Browser) -> None:
    upload(desk, csv_of(ANNA))
    assert "anna@example.dk" not in page(desk, last())
    assert "anna@example.dk" not in desk.get(reverse("admin:account_import_accountimport_changelist")).content.decode()


def test_asvs_7_5_1_an_old_proof_of_the_second_factor_uploads_and_applies_nothing(
    desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(desk, csv_of(ANNA))
    row = last()
    monkeypatch.setattr(step_up, "proven_at", lambda session, standing: None)
    answer = desk.post(reverse("admin:import_apply", args=[row.pk]), {"shown": row.fingerprint})
    assert answer["Location"] == "/sign-in/verify/"
    assert desk.get(reverse("admin:import_upload"))["Location"] == "/sign-in/verify/"
    upload(desk, csv_of(BO))
    assert AccountImport.objects.count() == 1
    assert not imported()


def test_a_file_that_nobody_applied_is_dropped_after_a_week_and_old_names_go(desk: Browser) -> None:
    upload(desk, csv_of(ANNA))
    upload(desk, csv_of("bad"))
    assert uploads.purge_imports() == 0
    AccountImport.objects.update(state_at=timezone.now() - timedelta(days=8))
    assert uploads.purge_imports() == 2
    assert uploads.purge_imports() == 0
    bad, waited = AccountImport.objects.all()
    assert (waited.state, bytes(waited.content), waited.summary["counts"]["created"]) == ("dropped", b"", 1)
    assert (bad.state, bad.summary) == ("refused", {"errors": 1})
