"""Each change of state writes one event, and events cannot be changed (ASVS 16.3.1, 16.4.2)."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, models, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts.models import Account
from audit import log
from audit.models import AppendOnly, SecurityEvent
from common import clock
from common.client_info import ClientInfo
from mfa_sms.models import SmsDevice
from sign_in import events
from tests.fixtures import Walk
from tests.helpers import STATIC_CODE, kinds, single_use_code, staff_signed_in


@pytest.fixture
def event(student: Account) -> SecurityEvent:
    events.password_accepted(student, "stu123@alumni.ku.dk", ClientInfo("192.0.2.1", "Browser", "K7F3-92"))
    return SecurityEvent.objects.get()


def test_asvs_16_3_1_enrollment_and_sign_in_write_one_event_each(walk: Walk, student: Account) -> None:
    walk.enrolled(student)
    walk.done()
    walk.send(SmsDevice.objects.get())
    walk.code()
    walk.stay("yes")
    walk.browser.post("/sign-out/")
    assert kinds() == ["password_accepted", "enrollment_started", "device_enrolled", "signed_in", "signed_out"]
    signed_in = SecurityEvent.objects.get(kind="signed_in")
    assert (signed_in.account, signed_in.method) == (student, "mfa_sms")
    assert signed_in.device_id == SmsDevice.objects.get().pk


def test_asvs_16_3_1_what_is_refused_writes_one_event(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    walk.password("wrong")
    walk.password()
    walk.send(phone)
    wrong = "000000" if walk.outbox.codes[-1] != "000000" else "111111"
    walk.code(wrong)
    walk.code()
    assert kinds() == ["password_refused", "password_accepted", "code_refused", "signed_in"]


def test_asvs_16_3_1_staff_write_the_same_events(walk: Walk, helpdesk: Account) -> None:
    single_use_code(helpdesk)
    walk.to_password(helpdesk)
    walk.browser.post(STATIC_CODE, {"code": "wrong"})
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):  # the pause after a wrong code
        walk.browser.post(STATIC_CODE, {"code": "abcdefgh"})
    assert kinds() == ["password_accepted", "code_refused", "signed_in"]
    assert set(SecurityEvent.objects.exclude(kind="password_accepted").values_list("method", flat=True)) == {
        "otp_static"
    }


def test_asvs_16_3_1_signing_out_of_the_admin_is_an_event(walk: Walk, administrator: Account) -> None:
    staff_signed_in(walk, administrator)
    walk.browser.post("/admin/logout/")
    assert kinds()[-1] == "signed_out"


def test_asvs_16_3_1_opening_pages_is_none(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    count = len(kinds())
    for path in ("/", "/security-info/", "/help/", "/sign-out/", "/sign-in/stay/"):
        walk.get(path)
    assert len(kinds()) == count


def test_asvs_16_3_1_an_event_says_who_what_when_and_from_where(walk: Walk, student: Account) -> None:
    walk.browser.defaults["REMOTE_ADDR"] = "2001:db8::1"
    walk.name(student)
    before = timezone.now()
    walk.browser.post("/sign-in/password/", {"password": "wrong"}, headers={"user-agent": "Firefox \x00 on a phone"})
    event = SecurityEvent.objects.get()
    assert (event.account, event.kind, event.address) == (student, "password_refused", "2001:db8::1")
    assert event.browser == "Firefox  on a phone"
    assert before <= event.at <= timezone.now()
    assert event.at.tzinfo is UTC or event.at.utcoffset() == timedelta()
    assert len(event.reference) == 7


def test_an_event_and_what_it_records_are_written_together_or_not_at_all(
    walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.signed_in(phone)

    def full(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(events, "write_event", full)
    walk.browser.raise_request_exception = False
    assert walk.browser.post("/sign-out/").status_code == 500
    assert walk.browser.get("/security-info/").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.save(update_fields=["reason"]),
        lambda event: event.save(force_update=True),
        lambda event: event.delete(),
        lambda event: SecurityEvent.objects.update(reason="x"),
        lambda event: SecurityEvent.objects.filter(pk=event.pk).update(reason="x"),
        lambda event: SecurityEvent.objects.bulk_update([event], ["reason"]),
        lambda event: SecurityEvent.objects.all().delete(),
        lambda event: SecurityEvent.objects.filter(pk=event.pk).delete(),
        lambda event: SecurityEvent.objects.update_or_create(pk=event.pk, defaults={"reason": "x"}),
        lambda event: event.account.events.update(reason="x"),
        lambda event: event.account.events.all().delete(),
    ],
)
def test_asvs_16_4_2_an_event_is_neither_changed_nor_deleted(
    event: SecurityEvent, change: Callable[[SecurityEvent], Any]
) -> None:
    before = SecurityEvent.objects.values_list().get()
    event.reason = "changed"
    with pytest.raises(AppendOnly), transaction.atomic():
        change(event)
    assert SecurityEvent.objects.values_list().get() == before


def test_asvs_16_4_2_an_event_is_not_overwritten_by_one_with_its_id(event: SecurityEvent) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SecurityEvent(pk=event.pk, kind="signed_in").save()
    assert SecurityEvent.objects.get().kind == "password_accepted"


def test_asvs_16_4_2_an_event_is_not_overwritten_in_bulk(event: SecurityEvent) -> None:
    with pytest.raises((AppendOnly, IntegrityError)), transaction.atomic():
        SecurityEvent.objects.bulk_create(
            [SecurityEvent(pk=event.pk, kind="signed_in")],
            update_conflicts=True,
            update_fields=["kind"],
            unique_fields=["pk"],
        )
    assert SecurityEvent.objects.get().kind == "password_accepted"


def test_asvs_16_4_2_an_account_with_events_cannot_be_deleted(event: SecurityEvent, student: Account) -> None:
    with pytest.raises(models.ProtectedError):
        student.delete()
    assert SecurityEvent.objects.count() == 1


def test_the_digest_of_a_name_is_keyed_and_short(event: SecurityEvent, settings: Any) -> None:
    digest = log.name_digest("stu123@alumni.ku.dk")
    assert event.name_digest == digest
    assert len(digest) == 32
    settings.SECRET_KEY = "another key altogether"
    assert log.name_digest("stu123@alumni.ku.dk") != digest


def test_an_event_reads_as_a_line(event: SecurityEvent) -> None:
    assert str(event) == f"Adgangskode godkendt {clock.stamp(event.at)}"


def test_events_are_listed_newest_first(event: SecurityEvent, student: Account) -> None:
    events.signed_out(student, ClientInfo())
    assert [row.kind for row in SecurityEvent.objects.all()] == ["signed_out", "password_accepted"]


def test_a_table_of_events_has_the_indexes_that_lists_and_tasks_need(db: None) -> None:
    names = connection.introspection.get_constraints(connection.cursor(), SecurityEvent._meta.db_table)
    assert {"event_account_at", "event_reference", "event_overview_at"} <= set(names)
