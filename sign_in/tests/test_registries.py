"""Registered items have one owner and one name. A duplicate or an unknown name is an error."""

from functools import partial
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import Account
from audit import kinds
from audit.kinds import EventKind
from audit.models import SecurityEvent
from backoffice import roles
from common import retention
from kumfa.settings import CELERY_BEAT_SCHEDULE
from notices import kinds as notice_kinds
from notices import notify, own_notices
from notices.kinds import NoticeKind
from notices.models import Notice
from sign_in import events
from tests.interface import in_en


@pytest.fixture(autouse=True)
def _registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate the registrations of a test from other tests."""
    for module, name in (
        (kinds, "_kinds"),
        (notice_kinds, "_kinds"),
        (notice_kinds, "_by_event"),
        (roles, "_granted"),
        (roles, "_viewers"),
        (retention, "_functions"),
    ):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))


def notice_of(name: str, **options: Any) -> NoticeKind:
    return NoticeKind(name, "x", event_kind=kinds.get_kind("signed_in"), subject="x", text=str, **options)


def test_an_event_kind_is_its_name_and_has_words_in_each_language() -> None:
    assert events.SIGNED_IN == "signed_in"
    assert kinds.get_kind("signed_in") is events.SIGNED_IN
    with override("en"):
        assert dict(kinds.choices())["signed_in"] == in_en("Logged in")
        assert SecurityEvent(kind="signed_in").get_kind_display() == in_en("Logged in")


@pytest.mark.parametrize("name", ["signed_in", "", "a" * 33])
def test_an_event_kind_is_refused_if_its_name_is_taken_empty_or_too_long(name: str) -> None:
    with pytest.raises(ValueError, match="Event kind"):
        kinds.register(EventKind(name, "x"))


def test_an_event_of_an_unknown_kind_is_not_written(db: None) -> None:
    with pytest.raises(kinds.UnknownKind):
        SecurityEvent.objects.create(kind="typo")
    with pytest.raises(kinds.UnknownKind):
        SecurityEvent.objects.bulk_create([SecurityEvent(kind="typo")])
    assert not SecurityEvent.objects.exists()


def test_an_event_whose_app_was_removed_is_still_shown() -> None:
    event = SecurityEvent(kind="gone", reason="why", detail="what")
    assert event.get_kind_display() == "gone"
    assert (kinds.describe_reason(event), kinds.describe_detail(event)) == ("why", "what")
    assert kinds.describe_kind("gone") == "gone"


def test_two_apps_cannot_give_a_reason_different_words() -> None:
    kind = kinds.register(EventKind("new", "x", reasons={"wrong": "Wrong"}))
    kind.add_reasons({"late": "Late"})
    with pytest.raises(ValueError, match="late"):
        kind.add_reasons({"late": "Too late"})
    assert kind.describe_reason(SecurityEvent(kind="new", reason="late")) == "Late"


@pytest.mark.parametrize("name", ["device_added", "", "a" * 33])
def test_a_notice_kind_is_refused_if_its_name_is_taken_empty_or_too_long(name: str) -> None:
    with pytest.raises(ValueError, match="Notice kind"):
        notice_kinds.register(notice_of(name))


def test_an_event_kind_has_one_reportable_notice() -> None:
    notice_kinds.register(notice_of("first"))
    notice_kinds.register(notice_of("second", is_reportable=False))
    with pytest.raises(ValueError, match="two reportable notices"):
        notice_kinds.register(notice_of("third"))
    assert notice_kinds.find_by_event(SecurityEvent(kind="signed_in")) == "first"


def test_a_notice_of_an_unknown_kind_is_not_written(student: Account) -> None:
    event = SecurityEvent.objects.create(kind="signed_in", account=student)
    with pytest.raises(notice_kinds.UnknownNotice):
        notify.notify_owner(event, notice_of("typo"))
    assert not Notice.objects.exists()
    with pytest.raises(notice_kinds.UnknownNotice):
        notice_kinds.get_kind("typo")


def test_a_change_of_devices_without_a_notice_tells_nobody(student: Account) -> None:
    notify.device_changed(SecurityEvent.objects.create(kind="device_renamed", account=student), [])
    assert not Notice.objects.exists()
    notify.device_changed(SecurityEvent.objects.create(kind="device_removed", account=student), [])
    assert Notice.objects.get().kind == own_notices.DEVICE_REMOVED


def test_a_permission_is_granted_once_and_to_known_roles() -> None:
    with pytest.raises(ValueError, match="granted twice"):
        roles.grant("helpdesk.unlock_account", roles.AUDITOR)
    with pytest.raises(ValueError, match="no role Janitor"):
        roles.grant("accounts.clean", "Janitor")
    with pytest.raises(ValueError, match="restricted twice"):
        roles.restrict_view("helpdesk.approval", roles.AUDITOR)


def test_the_system_check_finds_permissions_and_tables_that_no_model_declares() -> None:
    assert roles.permissions_exist() == []
    roles.grant("accounts.unlock_acount", roles.HELPDESK)
    roles.restrict_view("accounts.aproval", roles.LEAD)
    assert [error.id for error in roles.permissions_exist()] == ["accounts.E001"] * 2


def test_every_registered_retention_runs_every_night() -> None:
    assert {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values() if "retention" in str(entry["task"])} == {
        "common.run_retention"
    }
    ran: list[str] = []
    for name in retention.names():
        retention._functions[name] = partial(ran.append, name)
    retention.run_retention.delay()
    assert ran == retention.names()
    assert {"event_clients", "notices", "imports", "figures", "text_messages"} <= set(ran)
    assert {"service_tokens", "entra_attempts"} <= set(ran)


def test_a_retention_has_a_name_of_its_own() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        retention.register("notices", list)
    with pytest.raises(KeyError):
        retention.run_retention_step("typo")
