"""A daily budget of wrong codes over all devices of an account bounds the chance to guess one (K3)."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings as portal
from django.core import mail
from django.test import TestCase
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from common.client_info import ClientInfo
from limits import catalogue, counting
from mfa_sms.models import SmsDevice
from mfa_sms.tests import helpers as sms
from mfa_sms.tests.helpers import Clock, pending_of
from mfa_sms.tests.races import at_once
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import answer, app_of, code_of, page_of, signed_in, to_code, wrong_code
from mfa_totp.verification import AppVerification
from notices.models import Notice
from sign_in.verification import CodeResult, Verdict
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds

DAY = timedelta(days=1)
MOST = 1e-4  # the chance of a right guess in any 24 hours (K3)
COMPARED = (Verdict.WRONG, Verdict.EXHAUSTED, Verdict.RIGHT)


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    return Clock(time_machine)


@pytest.fixture
def app(student: Account) -> AuthenticatorApp:
    return app_of(student)


def verify(device: AuthenticatorApp, code: str, *, known: bool = False) -> CodeResult[AuthenticatorApp]:
    """Enter a code for the app, in a browser that has given the right password."""
    pending = replace(pending_of(device.user), known_browser=known)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return AppVerification(pending, ClientInfo(), device.persistent_id).verify(code)


def guess(device: AuthenticatorApp, times: int, **more: Any) -> list[Verdict]:
    """Enter wrong codes. The device's own waits are over each time, so that only the budget refuses."""
    verdicts = []
    for _time in range(times):
        AuthenticatorApp.objects.update(throttling_failure_count=0)
        verdicts.append(verify(device, wrong_code(device), **more).verdict)
    return verdicts


def test_k3_with_two_apps_a_phone_and_an_owner_who_signs_in_all_day_few_codes_are_compared(
    clock: Clock, student: Account
) -> None:
    apps, phone = [app_of(student), app_of(student)], confirmed_phone(student)
    compared = []
    for minute in range(0, 3 * 24 * 60, 20):
        clock.forward(minutes=20)
        for device in apps:
            if verify(device, wrong_code(device)).verdict in COMPARED:
                compared.append(minute)
        if minute % 240 == 0:
            assert verify(apps[1], code_of(apps[1]), known=True).verdict in (Verdict.RIGHT, Verdict.LOCKED)
            sms.ask(phone)
            if sms.answer(student, "000000").verdict in COMPARED:
                compared.append(minute)
    in_a_day = max(sum(start <= minute < start + 24 * 60 for minute in compared) for start in compared)
    assert in_a_day * 3e-6 < MOST
    assert len(compared) >= 3 * portal.CODE_FAILURES_PER_DAY


def test_the_budget_counts_over_all_devices_and_a_right_code_does_not_refill_it(
    clock: Clock, app: AuthenticatorApp
) -> None:
    other = app_of(app.user)
    guess(app, 6)
    assert verify(other, code_of(other)).verdict is Verdict.RIGHT
    assert guess(other, 7) == [Verdict.WRONG] * 6 + [Verdict.LOCKED]
    assert verify(app, code_of(app)).verdict is Verdict.LOCKED


def test_right_codes_do_not_use_the_budget_up(clock: Clock, app: AuthenticatorApp) -> None:
    for _time in range(20):
        clock.forward(30)
        assert verify(app, code_of(app)).verdict is Verdict.RIGHT


def test_a_code_that_was_used_before_is_refused_and_not_counted(clock: Clock, app: AuthenticatorApp) -> None:
    code = code_of(app)
    assert verify(app, code).verdict is Verdict.RIGHT
    assert [verify(app, code).verdict for _time in range(20)] == [Verdict.USED] * 20
    app.refresh_from_db()
    assert app.throttling_failure_count == 0
    assert counting.used(catalogue.CODE_FAILURES_OF_ACCOUNT, str(app.user_id)) == 0


def test_k1_the_owner_has_a_reserve_in_a_known_browser(clock: Clock, app: AuthenticatorApp) -> None:
    guess(app, 20)
    assert verify(app, code_of(app)).verdict is Verdict.LOCKED
    assert guess(app, 2, known=True) == [Verdict.WRONG] * 2
    assert verify(app, code_of(app), known=True).verdict is Verdict.RIGHT
    assert guess(app, 3, known=True) == [Verdict.WRONG] * 2 + [Verdict.LOCKED]


def test_k1_the_owner_signs_in_from_the_usual_browser_while_a_thief_of_the_password_guesses(
    clock: Clock, walk: Walk, another_walk: Walk, app: AuthenticatorApp
) -> None:
    signed_in(walk, app)
    walk.browser.post("/sign-out/")
    clock.forward(hours=1)
    guess(app, 20)
    to_code_page = another_walk.to_password(app.user).get("/sign-in/verify/")
    assert to_code_page.status_code == 429
    AuthenticatorApp.objects.update(throttling_failure_count=0)
    to_code(walk, app)
    answer(walk, code_of(app))
    assert is_signed_in(walk.browser)


def test_k1_the_usual_browser_does_not_wait_for_wrong_codes_of_a_thief(clock: Clock, app: AuthenticatorApp) -> None:
    for _time in range(portal.CODE_FAILURES_TO_LOCK):
        verify(app, wrong_code(app))
    assert verify(app, code_of(app)).verdict is Verdict.LOCKED
    assert verify(app, code_of(app), known=True).verdict is Verdict.RIGHT


def test_k1_the_usual_browser_gets_a_message_while_a_thiefs_wrong_codes_make_others_wait(
    clock: Clock, walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.signed_in(phone)
    walk.browser.post("/sign-out/")
    clock.forward(hours=1)
    another_walk.to_code(phone)
    for _time in range(portal.CODE_FAILURES_TO_LOCK):
        another_walk.code(sms.other_than(another_walk.outbox.codes[-1]))
    assert another_walk.browser.post("/sign-in/verify/send/", {"device": phone.persistent_id}).status_code == 429
    clock.forward(minutes=2)
    SmsDevice.objects.update(throttling_failure_timestamp=timezone.now())
    walk.to_code(phone)
    walk.code()
    assert is_signed_in(walk.browser)


def test_the_budget_is_full_again_after_a_day(clock: Clock, app: AuthenticatorApp) -> None:
    guess(app, 20)
    clock.forward(hours=24)
    assert verify(app, code_of(app)).verdict is Verdict.RIGHT


def test_the_page_names_the_day_and_says_what_else_to_do(
    clock: Clock, walk: Walk, app: AuthenticatorApp, settings: Settings
) -> None:
    to_code(walk, app)
    guess(app, 20)
    page = answer(walk, code_of(app))
    assert page.status_code == 429
    assert int(page["Retry-After"]) == 24 * 3600
    text = page_of(page)
    assert "tomorrow at 10:00" in text
    assert "call IT Support" in text
    assert kinds()[-1] == "limit_reached"


def test_the_helpdesk_lifts_it(clock: Clock, app: AuthenticatorApp) -> None:
    guess(app, 20)
    counting.lift(app.user_id)
    assert verify(app, code_of(app)).verdict is Verdict.RIGHT


def test_the_owner_is_told_once_when_most_of_the_budget_is_used(clock: Clock, app: AuthenticatorApp) -> None:
    guess(app, 9)
    assert not Notice.objects.exists()
    guess(app, 11)
    assert Notice.objects.get().kind == "many_wrong_codes"
    assert "/report/" in str(mail.outbox[0].body)
    clock.forward(hours=24)
    guess(app, 10)
    assert Notice.objects.count() == 2


def test_codes_by_sms_use_the_same_budget(clock: Clock, app: AuthenticatorApp, settings: Settings) -> None:
    settings.CODE_FAILURES_PER_DAY = 3
    phone = confirmed_phone(app.user)
    guess(app, 2)
    code = sms.code_of(sms.asked(phone))
    verdicts = [sms.answer(app.user, given).verdict for given in (sms.other_than(code), code)]
    assert verdicts == [Verdict.WRONG, Verdict.LOCKED]


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_k3_of_simultaneous_guesses_on_all_devices_no_more_than_the_budget_are_compared(
    student: Account, settings: Settings
) -> None:
    settings.CODE_FAILURES_PER_DAY = 4
    apps = [app_of(student) for _number in range(8)]
    results = at_once([partial(verify, device, wrong_code(device)) for device in apps])
    verdicts = [result.verdict if isinstance(result, CodeResult) else result for result in results]
    assert (verdicts.count(Verdict.WRONG), verdicts.count(Verdict.LOCKED)) == (4, 4)
