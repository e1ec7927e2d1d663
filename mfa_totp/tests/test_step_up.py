"""A sensitive change requires another code of the app."""

from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import CHOOSE, CODE, answer, app_of, code_of, in_english, kinds, page_of, post, signed_in
from tests.fixtures import Walk
from tests.helpers import is_signed_in
from tests.interface import in_en

ADD = "/security-info/add/"


def test_asvs_7_5_1_a_code_steps_up_and_leads_back(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    signed_in(walk, app)
    assert walk.get(ADD).redirect_chain == []
    clock.forward(21 * 60)
    assert walk.get(ADD).redirect_chain == [("/sign-in/verify/", 302)]
    assert post(walk, CHOOSE, device=app.persistent_id).redirect_chain == [(CODE, 302)]
    key = walk.browser.session.session_key
    assert answer(walk, code_of(app)).redirect_chain == [(ADD, 302)]
    assert walk.browser.session.session_key != key
    assert is_signed_in(walk.browser)
    assert kinds(app.user) == [("signed_in", ""), ("stepped_up", "")]


def test_asvs_7_5_1_a_wrong_code_does_not_step_up(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    signed_in(walk, app)
    clock.forward(21 * 60)
    walk.get(ADD)
    post(walk, CHOOSE, device=app.persistent_id)
    assert in_en("The code is incorrect") in page_of(answer(walk, code_of(app, 5)))
    assert walk.get(ADD).redirect_chain == [("/sign-in/verify/", 302)]


def test_who_signed_in_by_phone_steps_up_by_the_app(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    device = app_of(phone.user)
    in_english(walk).signed_in(phone)
    page = page_of(walk.get(ADD))
    assert device.persistent_id in page
    assert phone.persistent_id not in page
    post(walk, CHOOSE, device=device.persistent_id)
    assert answer(walk, code_of(device)).redirect_chain == [(ADD, 302)]
