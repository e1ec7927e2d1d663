"""Wrong codes delay the next code; too many lock the app until the helpdesk unlocks it (ASVS 6.6.3)."""

import re

import pytest
from django.utils import timezone

from kumfa.settings import BASE_DIR
from mfa_sms.tests.helpers import Clock
from mfa_totp.method import METHOD
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import CHOOSE, answer, code_of, kinds, page_of, post, to_code, wrong_code
from tests.fixtures import Walk
from tests.helpers import is_signed_in
from tests.interface import in_en

LOCKED = in_en("You must wait before you can log in")
DISABLED = "login method is locked"


def failed(device: AuthenticatorApp, times: int) -> AuthenticatorApp:
    AuthenticatorApp.objects.filter(pk=device.pk).update(
        throttling_failure_count=times, throttling_failure_timestamp=timezone.now()
    )
    return device


def failures() -> int:
    return int(AuthenticatorApp.objects.get().throttling_failure_count)


def test_a_slip_costs_nothing(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    to_code(walk, app)
    for _ in range(4):
        assert in_en("The code is incorrect") in page_of(answer(walk, wrong_code(app)))
    answer(walk, code_of(app))
    assert is_signed_in(walk.browser)
    assert failures() == 0
    assert kinds(app.user) == [("code_refused", "wrong")] * 4 + [("signed_in", "")]


def test_a_wrong_code_is_not_put_back(walk: Walk, app: AuthenticatorApp) -> None:
    to_code(walk, app)
    assert wrong_code(app) not in page_of(answer(walk, wrong_code(app)))


def test_asvs_6_6_3_after_five_the_right_one_is_refused_until_the_wait_is_over(
    clock: Clock, walk: Walk, app: AuthenticatorApp
) -> None:
    to_code(walk, app)
    for _ in range(4):
        assert "You can try again at" not in page_of(answer(walk, wrong_code(app)))
    assert "The code is incorrect. You can try again at 10:01." in page_of(answer(walk, wrong_code(app)))
    clock.forward(15.9)
    response = answer(walk, code_of(app))
    assert response.status_code == 429
    assert LOCKED in page_of(response)
    assert not is_signed_in(walk.browser)
    clock.forward(0.1)
    answer(walk, code_of(app))
    assert is_signed_in(walk.browser)
    assert kinds(app.user) == [("code_refused", "wrong")] * 5 + [("code_refused", "locked"), ("signed_in", "")]


def test_asvs_6_6_3_what_is_refused_unread_is_not_counted(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    to_code(walk, app)
    failed(app, 5)
    for _ in range(3):
        assert answer(walk, wrong_code(app)).status_code == 429
    assert failures() == 5


@pytest.fixture
def _unlocked(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    to_code(walk, app)


@pytest.mark.usefixtures("_unlocked")
@pytest.mark.parametrize(("times", "minutes"), [(5, 16 / 60), (8, 128 / 60), (11, 15), (60, 15)])
def test_asvs_6_6_3_the_wait_doubles_and_is_capped(
    clock: Clock, walk: Walk, app: AuthenticatorApp, times: int, minutes: float
) -> None:
    failed(app, times)
    clock.forward(minutes * 60 - 1)
    assert answer(walk, code_of(app)).status_code == 429
    clock.forward(1)
    answer(walk, code_of(app))
    assert is_signed_in(walk.browser)


def test_asvs_6_6_3_guesses_in_two_browsers_are_counted_together(
    clock: Clock, walk: Walk, another_walk: Walk, app: AuthenticatorApp
) -> None:
    to_code(walk, app)
    to_code(another_walk, app)
    for _ in range(4):
        answer(walk, wrong_code(app))
    answer(another_walk, wrong_code(app))
    assert answer(walk, code_of(app)).status_code == 429


def test_who_must_wait_is_told_so_before_a_code_is_asked_for(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    walk.to_password(failed(app, 5).user)
    assert post(walk, CHOOSE, device=app.persistent_id).status_code == 429


def test_asvs_6_6_3_the_hundredth_wrong_code_locks_the_app_for_good(
    clock: Clock, walk: Walk, app: AuthenticatorApp
) -> None:
    to_code(walk, app)
    failed(app, 99)
    clock.forward(15 * 60)
    assert DISABLED in page_of(answer(walk, wrong_code(app)))
    assert kinds(app.user) == [("device_disabled", "")]
    clock.forward(60)
    assert DISABLED in page_of(answer(walk, code_of(app)))
    assert DISABLED in page_of(post(walk, CHOOSE, device=app.persistent_id))
    assert not is_signed_in(walk.browser)
    assert failures() == 100
    assert walk.get("/enroll/app/").status_code == 409


def test_a_locked_app_stays_locked(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    METHOD.disable(app)
    clock.forward(60 * 60 * 24 * 365)
    walk.name(app.user)
    assert walk.password().status_code == 403
    assert not METHOD.is_usable(AuthenticatorApp.objects.get())


def test_n_3_2_2_the_first_wrong_code_after_a_wait_begins_another(
    clock: Clock, walk: Walk, app: AuthenticatorApp
) -> None:
    to_code(walk, app)
    failed(app, 50)
    clock.forward(15 * 60)
    assert "You can try again at 10:30" in page_of(answer(walk, wrong_code(app)))
    assert failures() == 51
    assert answer(walk, code_of(app)).status_code == 429


def test_no_page_of_ours_takes_a_code_past_the_waits() -> None:
    """Only `CodeVerification` counts wrong codes and writes the events, for every factor."""
    calls = {
        str(path.relative_to(BASE_DIR))
        for app in ("accounts", "demo", "kumfa", "mfa_pass", "mfa_recovery", "mfa_sms", "mfa_totp")
        for path in (BASE_DIR / app).rglob("*.py")
        if "tests" not in path.parts
        and re.search(r"\.verify_token\(|match_token|OTPAuthenticationForm|OTPTokenForm", path.read_text("utf-8"))
    }
    assert calls <= {"demo/views.py", "mfa_sms/models/devices.py"}


def test_asvs_6_6_3_the_interface_of_django_otp_takes_no_code(app: AuthenticatorApp) -> None:
    assert not app.verify_token(code_of(app))
    assert failures() == 0
