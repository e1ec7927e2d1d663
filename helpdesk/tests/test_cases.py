"""Cases are opened by a lock of any factor, then taken, noted and closed."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django_otp.models import Device
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import roles
from common.client_info import ClientInfo
from helpdesk import cases
from helpdesk.models import Case
from helpdesk.tests.people import agent_of, browser_of, words
from mfa_recovery.models import RecoveryDevice
from mfa_recovery.tests.helpers import WRONG, enter, make_codes
from mfa_sms.models import SmsDevice
from mfa_sms.tests.races import at_once
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import answer, app_of, to_code, wrong_code
from sign_in.verification import record_lock
from tests.fixtures import Browser, Outbox, Walk, confirmed_phone
from tests.helpers import picture


def wrong_sms(walk: Walk, student: Account) -> Any:
    device = confirmed_phone(student)
    device.throttling_failure_count = 2
    device.save()
    walk.to_code(device)
    walk.code("000000" if walk.outbox.codes[-1] != "000000" else "111111")
    return device


def wrong_app(walk: Walk, student: Account) -> Any:
    device = app_of(student, throttling_failure_count=2)
    answer(to_code(walk, device), wrong_code(device))
    return device


def wrong_recovery(walk: Walk, student: Account) -> Any:
    app_of(student)
    make_codes(student)
    device = RecoveryDevice.objects.get(user=student)
    device.throttling_failure_count = 2
    device.save()
    walk.to_password(student)
    enter(walk, WRONG)
    return device


@pytest.fixture
def soon_locked(settings: Settings) -> None:
    """Lock a device after three wrong codes in a row."""
    settings.CODE_FAILURES_TO_DISABLE = 3


@pytest.mark.usefixtures("soon_locked")
@pytest.mark.parametrize("lock", [wrong_sms, wrong_app, wrong_recovery])
def test_a_lock_opens_a_case_with_its_event(
    walk: Walk, student: Account, lock: Callable[[Walk, Account], Device]
) -> None:
    device = lock(walk, student)
    case = Case.objects.get()
    assert (case.kind, case.account, case.closed_at, case.taken_by) == (Case.Kind.LOCKED, student, None, None)
    event = SecurityEvent.objects.get(kind="device_disabled")
    assert case.event == event
    assert (event.method, event.device_id) == (device._meta.app_label, device.pk)


@pytest.mark.usefixtures("soon_locked")
def test_wrong_codes_after_the_lock_open_no_other_case(walk: Walk, student: Account) -> None:
    device = app_of(student, throttling_failure_count=2)
    answer(to_code(walk, device), wrong_code(device))
    answer(walk, wrong_code(device))
    assert Case.objects.count() == 1


def test_a_device_has_one_open_case_and_a_new_one_after_that_is_closed(phone: SmsDevice) -> None:
    for _time in range(2):
        record_lock(phone.user, phone, ClientInfo())
    assert Case.objects.count() == 1
    Case.objects.update(closed_at=timezone.now())
    record_lock(phone.user, phone, ClientInfo())
    record_lock(phone.user, app_of(phone.user), ClientInfo())
    assert Case.objects.filter(closed_at=None).count() == 2


@pytest.mark.usefixtures("soon_locked")
def test_a_lock_and_its_case_are_written_together_or_not_at_all(
    walk: Walk, student: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Case.objects, "create", full)
    walk.browser.raise_request_exception = False
    wrong_app(walk, student)
    assert AuthenticatorApp.objects.get().throttling_failure_count == 2
    assert not SecurityEvent.objects.filter(kind="device_disabled").exists()


@pytest.fixture
def case(phone: SmsDevice) -> Case:
    """An open case."""
    record_lock(phone.user, phone, ClientInfo())
    return Case.objects.get()


def page_of(case: Case) -> str:
    return reverse("admin:helpdesk_case", args=[case.pk])


def post(browser: Browser, case: Case, do: str, taken_by: str = "", note: str = "") -> str:
    """Press a button on the case's page and return the page that follows."""
    return words(browser.post(page_of(case), {"do": do, "taken_by": taken_by, "note": note}, follow=True))


def test_a_case_is_taken_noted_and_closed(desk: Browser, agent: Account, case: Case) -> None:
    assert page_of(case) in words(desk.get(reverse("admin:helpdesk_case_change", args=[case.pk])))
    post(desk, case, "take")
    post(desk, case, "note", note="Ringede, ingen svar.")
    case.refresh_from_db()
    assert (case.taken_by, case.note, case.closed_at) == (agent, "Ringede, ingen svar.", None)
    assert "Ringede, ingen svar." in words(desk.get(page_of(case)))
    post(desk, case, "close", note="Det var ejeren selv.")
    case.refresh_from_db()
    assert (case.closed_by, case.note) == (agent, "Det var ejeren selv.")
    kinds = SecurityEvent.objects.filter(actor=agent, detail=str(case.pk)).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["case_taken", "case_closed"]
    assert page_of(case) not in words(desk.get(reverse("admin:helpdesk_case_change", args=[case.pk])))


def test_a_case_is_noted_and_closed_by_who_has_taken_it_alone(desk: Browser, case: Case) -> None:
    before = picture()
    assert "Someone else has taken" in post(desk, case, "note", note="x")
    assert "Someone else has taken" in post(desk, case, "close")
    assert picture() == before


def test_a_case_is_handed_over_by_who_has_seen_whose_it_was(
    desk: Browser, agent: Account, lead: Account, case: Case, sms_outbox: Outbox
) -> None:
    post(desk, case, "take")
    second = browser_of(lead, sms_outbox)
    assert "Someone else has taken" in post(second, case, "take")
    assert "Taken by agt111" in words(second.get(page_of(case)))
    post(second, case, "take", taken_by=str(agent.pk))
    case.refresh_from_db()
    assert case.taken_by == lead
    assert "Someone else has taken" in post(desk, case, "close")


def test_a_case_that_is_closed_stays_closed(desk: Browser, agent: Account, case: Case) -> None:
    post(desk, case, "take")
    post(desk, case, "close")
    before = picture()
    for answer_ in ("take", "note", "close"):
        assert "Someone else has taken" in post(desk, case, answer_, taken_by=str(agent.pk), note="x")
    assert picture() == before
    assert "Closed by agt111" in words(desk.get(page_of(case)))


@pytest.mark.parametrize("note", ["CPR 010190-1234", "koden var 123 456", "x" * 501])
def test_a_note_takes_no_cpr_number_no_code_and_no_novel(desk: Browser, case: Case, note: str) -> None:
    post(desk, case, "take")
    before = picture()
    for button in ("note", "close"):
        assert "errorlist" in post(desk, case, button, note=note)
    assert picture() == before


@pytest.mark.parametrize(("button", "note"), [("nonsense", "x"), ("", "x"), ("note", "x" * 100_000)])
def test_what_is_no_answer_changes_nothing(desk: Browser, case: Case, button: str, note: str) -> None:
    post(desk, case, "take")
    before = picture()
    post(desk, case, button, note=note)
    assert picture() == before


def test_markup_in_a_note_of_a_case_stays_text(desk: Browser, case: Case) -> None:
    evil = "<script>alert(1)</script>"
    post(desk, case, "take")
    post(desk, case, "note", note=evil)
    for path in (page_of(case), reverse("admin:helpdesk_case_change", args=[case.pk]), "/admin/helpdesk/case/"):
        assert evil not in words(desk.get(path))


def test_a_case_of_an_agents_own_account_is_not_theirs_to_handle(desk: Browser, agent: Account) -> None:
    record_lock(agent, app_of(agent), ClientInfo())
    before = picture()
    assert desk.get(page_of(Case.objects.get())).status_code == 403
    assert desk.post(page_of(Case.objects.get()), {"do": "take"}).status_code == 403
    assert picture() == before


def test_a_case_of_an_account_that_was_deactivated_can_be_closed(desk: Browser, case: Case) -> None:
    Account.objects.filter(pk=case.account.pk).update(is_active=False)
    post(desk, case, "take")
    post(desk, case, "close")
    case.refresh_from_db()
    assert case.closed_at is not None


def test_the_list_shows_what_is_open_first(desk: Browser, case: Case, employee: Account) -> None:
    record_lock(employee, app_of(employee), ClientInfo())
    closed = Case.objects.latest("pk")
    Case.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    page = words(desk.get("/admin/helpdesk/case/"))
    assert page.index(f"/case/{case.pk}/change/") < page.index(f"/case/{closed.pk}/change/")


def test_opening_a_case_changes_nothing(desk: Browser, case: Case) -> None:
    before = picture()
    desk.get(page_of(case))
    assert picture() == before


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_two_who_take_a_case_at_once_one_has_it(student: Account) -> None:
    agents = [agent_of(roles.HELPDESK, f"agt{number}00") for number in (1, 2)]
    for number in range(10):
        record_lock(student, confirmed_phone(student, f"+452612340{number}"), ClientInfo())
        case = Case.objects.latest("pk")
        won = at_once([partial(cases.take_case, agent, case, "", ClientInfo()) for agent in agents])
        assert sorted(won, key=bool) == [False, True]
        case.refresh_from_db()
        assert case.taken_by == agents[won.index(True)]
    assert SecurityEvent.objects.filter(kind="case_taken").count() == 10
