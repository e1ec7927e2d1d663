"""A code is accepted only once (ASVS 6.5.1)."""

import pytest

from accounts.models import Account
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import CHOOSE, answer, code_of, enrolled, kinds, page_of, post, signed_in, to_code
from tests.fixtures import Walk
from tests.helpers import is_signed_in
from tests.interface import in_en

USED = in_en("This code has been used already. Wait until the app shows the next one.")


def test_asvs_6_5_1_the_code_that_enrolled_does_not_sign_in(clock: Clock, walk: Walk, student: Account) -> None:
    device = enrolled(walk, student)
    code = code_of(device)
    walk.done()
    post(walk, CHOOSE, device=device.persistent_id)
    assert USED in page_of(answer(walk, code))
    assert not is_signed_in(walk.browser)
    assert kinds(student) == [("device_enrolled", ""), ("code_refused", "used")]
    clock.forward(30)
    answer(walk, code_of(device))
    assert is_signed_in(walk.browser)


def test_asvs_6_5_1_a_used_code_is_refused_in_the_same_browser(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    signed_in(walk, app)
    code = code_of(app)
    walk.browser.post("/sign-out/")
    to_code(walk, app)
    assert USED in page_of(answer(walk, code))
    assert not is_signed_in(walk.browser)


def test_asvs_6_5_1_a_used_code_is_refused_in_another_browser(
    clock: Clock, walk: Walk, another_walk: Walk, app: AuthenticatorApp
) -> None:
    to_code(another_walk, app)
    signed_in(walk, app)
    assert USED in page_of(answer(another_walk, code_of(app)))
    clock.forward(30)
    assert USED in page_of(answer(another_walk, code_of(app, -1)))
    assert not is_signed_in(another_walk.browser)


@pytest.mark.parametrize("steps", [-1, 0])
def test_asvs_6_5_1_no_code_is_right_after_a_later_one(
    clock: Clock, walk: Walk, another_walk: Walk, app: AuthenticatorApp, steps: int
) -> None:
    to_code(walk, app)
    answer(walk, code_of(app, 1))
    to_code(another_walk, app)
    answer(another_walk, code_of(app, steps))
    assert not is_signed_in(another_walk.browser)


def test_a_used_code_is_not_counted(clock: Clock, walk: Walk, another_walk: Walk, app: AuthenticatorApp) -> None:
    signed_in(walk, app)
    to_code(another_walk, app)
    answer(another_walk, code_of(app))
    app.refresh_from_db()
    assert app.throttling_failure_count == 0
