"""Sign-in with a code of an app."""

import pytest

from accounts.models import Account
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import (
    CHOOSE,
    CODE,
    answer,
    app_of,
    code_of,
    in_english,
    kinds,
    page_of,
    post,
    signed_in,
    to_code,
    wrong_code,
)
from sign_in.methods import policies
from sign_in.models import MethodPolicy
from tests.fixtures import Walk
from tests.helpers import is_signed_in, picture
from tests.interface import in_en


@pytest.mark.parametrize("who", ["student", "employee", "administrator"])
def test_a_right_code_signs_in(clock: Clock, walk: Walk, request: pytest.FixtureRequest, who: str) -> None:
    account: Account = request.getfixturevalue(who)
    device = app_of(account)
    signed_in(walk, device)
    assert is_signed_in(walk.browser)
    assert kinds(account) == [("signed_in", "")]
    device.refresh_from_db()
    assert device.last_used_at is not None


def test_asvs_8_4_2_an_app_opens_the_admin(walk: Walk, administrator: Account) -> None:
    signed_in(walk, app_of(administrator))
    assert walk.get("/admin/").status_code == 200


def test_the_page_asks_for_the_code_and_leads_to_the_other_methods(walk: Walk, app: AuthenticatorApp) -> None:
    page = page_of(to_code(walk, app).get(CODE))
    assert in_en("Enter the code") in page
    assert in_en("Code from the app") in page
    assert 'href="/sign-in/verify/"' in page
    assert "Never share the code" in page
    assert app.bin_key.hex() not in page


def test_asvs_14_2_1_no_address_names_a_device_or_a_code(walk: Walk, app: AuthenticatorApp) -> None:
    in_english(walk).to_password(app.user)
    response = post(walk, CHOOSE, device=app.persistent_id)
    assert response.redirect_chain == [(CODE, 302)]
    assert f'action="{CODE}"' in page_of(response)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(clock: Clock, walk: Walk, app: AuthenticatorApp, steps: int, right: bool) -> None:
    to_code(walk, app)
    answer(walk, code_of(app, steps))
    assert is_signed_in(walk.browser) == right


@pytest.mark.parametrize("shape", ["{0}{1}{2} {3}{4}{5}", "#{0}{1}{2}{3}{4}{5}", "{0}-{1}-{2}-{3}-{4}-{5}", "wide"])
def test_a_code_is_read_however_it_is_typed(walk: Walk, app: AuthenticatorApp, shape: str) -> None:
    to_code(walk, app)
    code = code_of(app)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    answer(walk, wide if shape == "wide" else shape.format(*code))
    assert is_signed_in(walk.browser)


@pytest.mark.parametrize("data", [{}, {"code": ""}, {"code": "1234567"}, {"code": "x" * 60_000}, {"device": "x"}])
def test_what_is_no_code_costs_nothing(walk: Walk, app: AuthenticatorApp, data: dict[str, str]) -> None:
    to_code(walk, app)
    before = picture()
    assert post(walk, CODE, **data).status_code == 200
    assert picture() == before


@pytest.mark.parametrize(
    "device",
    [
        "",
        "mfa_totp.authenticatorapp/",
        "mfa_totp.authenticatorapp/0",
        "mfa_totp.authenticatorapp/99999999999999999999",
        "mfa_totp.authenticatorapp/１",
        "mfa_sms.smsdevice/1",
        "auth.user/1",
        "\x00",
        "x" * 60_000,
    ],
)
def test_what_is_no_device_leads_back(walk: Walk, app: AuthenticatorApp, device: str) -> None:
    in_english(walk).to_password(app.user)
    before = picture()
    assert post(walk, CHOOSE, device=device).redirect_chain == [("/sign-in/verify/", 302)]
    assert post(walk, CODE, device=device, code="123456").redirect_chain == [("/sign-in/verify/", 302)]
    assert picture() == before


def test_asvs_8_2_2_another_accounts_app_is_no_device(walk: Walk, app: AuthenticatorApp, employee: Account) -> None:
    own = app_of(employee)
    in_english(walk).to_password(employee)
    before = picture()
    assert post(walk, CHOOSE, device=app.persistent_id).redirect_chain[-1][0] == "/sign-in/verify/"
    post(walk, CHOOSE, device=own.persistent_id)
    post(walk, CODE, device=app.persistent_id, code=code_of(app))
    assert picture() == before
    assert not is_signed_in(walk.browser)


def test_an_app_that_no_code_has_proven_is_no_device(walk: Walk, app: AuthenticatorApp) -> None:
    other = app_of(app.user)
    AuthenticatorApp.objects.filter(pk=other.pk).update(confirmed=False)
    in_english(walk).to_password(app.user)
    assert post(walk, CODE, device=other.persistent_id, code=code_of(other)).redirect_chain
    assert not is_signed_in(walk.browser)


def test_the_page_without_a_choice_leads_back(walk: Walk, app: AuthenticatorApp) -> None:
    in_english(walk).to_password(app.user)
    assert walk.get(CODE).redirect_chain == [("/sign-in/verify/", 302)]
    assert walk.get(CHOOSE).redirect_chain == [("/sign-in/verify/", 302)]


def test_the_choice_of_one_account_is_none_of_the_next(walk: Walk, app: AuthenticatorApp, employee: Account) -> None:
    app_of(employee)
    to_code(walk, app)
    walk.to_password(employee)
    assert walk.get(CODE).redirect_chain == [("/sign-in/verify/", 302)]


def test_the_pages_of_two_apps_can_be_open_beside_each_other(walk: Walk, app: AuthenticatorApp) -> None:
    other = app_of(app.user, name="Work")
    to_code(walk, app)
    page = page_of(post(walk, CHOOSE, device=other.persistent_id))
    assert "<strong>Work</strong>" in page
    assert f'value="{other.persistent_id}"' in page
    post(walk, CODE, device=app.persistent_id, code=code_of(app))
    assert is_signed_in(walk.browser)


def test_an_app_that_a_rule_forbids_meanwhile_opens_enrollment_alone(walk: Walk, app: AuthenticatorApp) -> None:
    to_code(walk, app)
    MethodPolicy.objects.filter(method="mfa_totp").update(students=False)
    policies.forget()
    response = answer(walk, code_of(app))
    assert response.redirect_chain[-1][0] == "/enroll/"
    assert not is_signed_in(walk.browser)


def test_a_switch_of_language_keeps_the_app_and_compares_nothing(walk: Walk, app: AuthenticatorApp) -> None:
    to_code(walk, app)
    before = picture()
    page = page_of(post(walk, CODE, device=app.persistent_id, code=wrong_code(app), language="da"))
    assert f'value="{app.persistent_id}"' in page
    assert wrong_code(app) not in page
    assert picture() == before


def test_a_student_with_a_phone_and_an_app_may_choose(walk: Walk, phone: SmsDevice) -> None:
    device = app_of(phone.user)
    in_english(walk).name(phone.user)
    page = page_of(walk.password())
    assert device.persistent_id in page
    assert phone.persistent_id in page
    assert "I cannot use" in page
