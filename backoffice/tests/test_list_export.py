"""The export of admin lists: the list's columns and filters, and one event."""

import csv
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import roles
from backoffice.list_export import CsvExportMixin
from helpdesk.models import ActionRecord
from helpdesk.tests.people import agent_of, browser_of
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser, MakeAccount, Outbox
from tests.interface import in_en

ACCOUNTS = "/admin/accounts/account/export/"


@pytest.fixture
def auditor(db: None) -> Account:
    return agent_of(roles.AUDITOR, "aud111")


@pytest.fixture
def desk(auditor: Account, sms_outbox: Outbox) -> Browser:
    return browser_of(auditor, sms_outbox)


def file(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    return list(csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=";"))


def exported() -> list[tuple[str, str, str]]:
    events = SecurityEvent.objects.filter(kind="list_exported").select_related("actor").order_by("pk")
    return [(str(event.actor), event.reason, event.detail) for event in events]


def test_the_file_has_the_columns_of_the_list_and_its_rows_newest_first(desk: Browser, student: Account) -> None:
    answer = desk.post(ACCOUNTS)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="account-20')
    assert "no-store, private" in answer["Cache-Control"]
    head, *rows = file(answer)
    assert head == [in_en("UCPH username"), "First name", "Last name", "Student", "Employee", "Active", "State"]
    assert rows == [
        ["stu123", "Freja", "Lund", "Yes", "No", "Yes", ""],
        ["aud111", "Ada", "Vind", "No", "Yes", "Yes", ""],
    ]


def test_filters_and_search_of_the_list_hold_and_the_event_names_no_search(
    desk: Browser, make_account: MakeAccount
) -> None:
    for name in ("stu123", "stu456", "emp123"):
        make_account(name, is_student=name.startswith("stu"))
    shown = desk.get("/admin/accounts/account/?is_student__exact=1&q=123&o=1").content.decode()
    assert f'action="{ACCOUNTS}?is_student__exact=1&amp;o=1&amp;q=%7E' in shown.replace("q=~", "q=%7E")
    answer = desk.post(f"{ACCOUNTS}?is_student__exact=1&q=123&o=1&p=7")
    assert [row[0] for row in file(answer)[1:]] == ["stu123"]
    assert exported() == [("aud111", "accounts.account", "is_student__exact q")]


def test_the_event_is_written_before_the_first_row_is_sent(desk: Browser) -> None:
    desk.post(ACCOUNTS)
    assert exported() == [("aud111", "accounts.account", "")]


def test_numbers_are_masked_as_in_the_list_and_links_are_text(desk: Browser, phone: SmsDevice) -> None:
    answer: Any = desk.post("/admin/mfa_sms/smsdevice/export/")
    text = b"".join(answer.streaming_content).decode()
    assert '"(+45) •• •• •• 78";"stu123"' in text
    assert "261234" not in text.replace(" ", "")
    assert "<a" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/admin/mfa_sms/smsdevice/export/?number__startswith=%2B45",
        "/admin/accounts/account/export/?password__startswith=md5",
        "/admin/accounts/account/export/?email__contains=a",
    ],
)
def test_what_the_list_does_not_filter_by_cannot_be_guessed_by_an_export(desk: Browser, path: str) -> None:
    assert desk.post(path).status_code == 400
    assert exported() == []


def test_a_query_that_makes_no_sense_leads_back_to_the_list(desk: Browser) -> None:
    assert desk.post(f"{ACCOUNTS}?is_student__exact=nonsense")["Location"] == "/admin/accounts/account/"
    assert exported() == []


def test_a_get_exports_nothing(desk: Browser) -> None:
    assert desk.get(ACCOUNTS).status_code == 405
    assert exported() == []


def test_who_may_see_a_list_but_not_export_has_no_button_and_is_refused(sms_outbox: Outbox, db: None) -> None:
    browser = browser_of(agent_of(roles.HELPDESK, "agt111"), sms_outbox)
    assert in_en("Download as CSV") not in browser.get("/admin/accounts/account/").content.decode()
    assert browser.post(ACCOUNTS).status_code == 403
    assert exported() == []


def test_who_may_export_but_not_see_a_list_is_refused(sms_outbox: Outbox, db: None) -> None:
    agent = agent_of("", "agt111")
    agent.user_permissions.set(Permission.objects.filter(codename="export_list"))
    assert browser_of(agent, sms_outbox).post(ACCOUNTS).status_code == 403
    assert exported() == []


def test_a_list_that_is_too_long_is_cut_and_its_last_line_says_so(
    desk: Browser, make_account: MakeAccount, settings: Settings
) -> None:
    settings.EXPORT_ROWS_MAX = 2
    for name in ("stu123", "stu456"):
        make_account(name)
    rows = file(desk.post(ACCOUNTS))
    assert [row[0] for row in rows[1:3]] == ["stu456", "stu123"]
    assert rows[3:] == [["The list is longer: only its first 2 rows are here. Narrow it down by filters."]]
    settings.EXPORT_ROWS_MAX = 3
    assert len(file(desk.post(ACCOUNTS))) == 4


def test_rows_are_read_while_they_are_sent(
    desk: Browser, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    real = CsvExportMixin._shown

    def watched(self: Any, name: Any, row: Any) -> object:
        shown.append(row)
        return real(self, name, row)

    monkeypatch.setattr(CsvExportMixin, "_shown", watched)
    Account.objects.bulk_create(Account(username=f"many{number}") for number in range(1000))
    answer: Any = desk.post(reverse("admin:accounts_account_export"))
    chunks = iter(answer.streaming_content)
    next(chunks)
    assert shown == []
    next(chunks)
    assert len({row.pk for row in shown}) < 300
    assert len(list(chunks)) >= 3


@pytest.mark.parametrize("asked", ["", "?at__year=9999&at__month=12", f"?at__year={'9' * 30}"])
def test_the_file_of_a_long_list_is_of_the_month_that_the_list_shows(
    desk: Browser, auditor: Account, asked: str
) -> None:
    old = SecurityEvent.objects.create(kind="signed_out", account=auditor, at=timezone.now() - timedelta(days=70))
    answer = desk.post(f"/admin/audit/securityevent/export/{asked}")
    assert answer.status_code == 200
    rows = file(answer)
    assert in_en("Logged in") in {row[1] for row in rows}
    assert old.get_kind_display() not in {row[1] for row in rows}


def test_the_times_of_a_file_are_iso_times_with_their_zone(desk: Browser, student: Account) -> None:
    for model in ("audit/securityevent", "helpdesk/actionrecord", "helpdesk/case", "notices/notice"):
        head, *rows = file(desk.post(f"/admin/{model}/export/"))
        assert all(datetime.fromisoformat(row[head.index("Time")]).tzinfo for row in rows), model
    event = SecurityEvent.objects.latest("pk")
    row = next(row for row in file(desk.post("/admin/audit/securityevent/export/")) if event.reference in row)
    assert datetime.fromisoformat(row[0]) == event.at.replace(microsecond=0)


def test_the_file_of_the_audit_log_has_the_details_of_each_event(desk: Browser, student: Account) -> None:
    SecurityEvent.objects.create(
        kind="signed_in", account=student, detail="told", method="mfa_sms", browser="Firefox/1"
    )
    head, *rows = file(desk.post("/admin/audit/securityevent/export/"))
    row = dict(zip(head, next(row for row in rows if "told" in row), strict=True))
    assert (row["Detail"], row["Method"], row["Browser"]) == ("told", "mfa_sms", "Firefox/1")


def test_the_file_of_actions_has_their_notes(desk: Browser, auditor: Account, student: Account) -> None:
    event = SecurityEvent.objects.create(kind="helpdesk_action_performed", account=student)
    ActionRecord.objects.create(
        action="unlock", account=student, agent=auditor, case_number="INC-1", note="Calls again at 2", event=event
    )
    assert "Calls again at 2" in file(desk.post("/admin/helpdesk/actionrecord/export/"))[1]
