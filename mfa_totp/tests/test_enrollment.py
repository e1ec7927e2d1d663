"""A code of the secret on the page registers the app."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import (
    CHOOSE,
    ENROLL,
    answer,
    app_of,
    code_at,
    code_of,
    enrolled,
    in_english,
    key_on,
    kinds,
    page_of,
    post,
    signed_in,
    to_enrollment,
    wrong_code,
)
from notices.models import Notice
from sessions import registry
from sign_in import flow, methods
from sign_in import pending as sign_in_pending
from sign_in.models import MethodPolicy
from tests.fixtures import Walk
from tests.helpers import is_signed_in, picture
from tests.interface import in_en


@pytest.mark.parametrize("who", ["student", "employee", "helpdesk"])
def test_an_app_is_set_up_and_signs_in(clock: Clock, walk: Walk, request: pytest.FixtureRequest, who: str) -> None:
    account: Account = request.getfixturevalue(who)
    walk = in_english(walk).to_password(account)
    assert f'href="{ENROLL}"' in page_of(walk.get("/enroll/"))
    key = key_on(page_of(walk.get(ENROLL)))
    assert in_en("The app is now registered") in page_of(post(walk, ENROLL, code=code_at(key)))
    assert f'action="{CHOOSE}"' in page_of(walk.done())
    device = AuthenticatorApp.objects.get()
    assert (device.user, device.bin_key, device.confirmed) == (account, key, True)
    assert not is_signed_in(walk.browser)
    clock.forward(30)
    post(walk, CHOOSE, device=device.persistent_id)
    answer(walk, code_at(key))
    assert is_signed_in(walk.browser)
    assert kinds(account) == [("device_enrolled", ""), ("signed_in", "")]
    assert list(Notice.objects.values_list("kind", flat=True)) == ["device_added"]


def test_without_a_code_at_the_end_enrollment_signs_in(walk: Walk, student: Account, settings: Settings) -> None:
    settings.VERIFY_AFTER_ENROLLMENT = False
    enrolled(walk, student)
    walk.done()
    assert is_signed_in(walk.browser)
    assert kinds(student) == [("device_enrolled", ""), ("signed_in", "")]


def test_the_secret_stays_the_same_in_a_sign_in_and_is_another_in_the_next(walk: Walk, student: Account) -> None:
    key = to_enrollment(walk, student)
    assert key_on(page_of(walk.get(ENROLL))) == key
    assert key_on(page_of(post(walk, ENROLL, code="000000"))) == key
    assert to_enrollment(walk, student) != key


def test_another_browser_and_another_account_have_other_secrets(
    walk: Walk, another_walk: Walk, student: Account, employee: Account
) -> None:
    keys = {to_enrollment(walk, student), to_enrollment(another_walk, student), to_enrollment(another_walk, employee)}
    assert len(keys) == 3


def test_a_wrong_code_is_recorded_and_registers_nothing(walk: Walk, student: Account) -> None:
    key = to_enrollment(walk, student)
    wrong = wrong_code(AuthenticatorApp.with_key(key))
    for _ in range(12):
        assert in_en("The code is incorrect. Check that the clock of your phone is right.") in page_of(
            post(walk, ENROLL, code=wrong)
        )
    assert not AuthenticatorApp.objects.exists()
    assert kinds(student) == [("code_refused", "wrong")] * 12
    assert post(walk, ENROLL, code=code_at(key)).redirect_chain[-1][0] == "/enroll/done/"


@pytest.mark.parametrize(("steps", "registers"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(clock: Clock, walk: Walk, student: Account, steps: int, registers: bool) -> None:
    key = to_enrollment(walk, student)
    post(walk, ENROLL, code=code_at(key, steps))
    assert AuthenticatorApp.objects.exists() == registers


def test_a_code_that_was_typed_with_spaces_registers(walk: Walk, student: Account) -> None:
    code = code_at(to_enrollment(walk, student))
    post(walk, ENROLL, code=f" {code[:3]}\u00a0{code[3:]}\n")
    assert AuthenticatorApp.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"code": ""}, {"code": "12345"}, {"code": "x" * 60_000}, {"code": "\x00\ud7ff💥"}, {"other": "1"}]
)
def test_what_is_no_code_is_no_try(walk: Walk, student: Account, data: dict[str, str]) -> None:
    to_enrollment(walk, student)
    response = post(walk, ENROLL, **data)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in page_of(response)
    assert kinds(student) == []
    assert not AuthenticatorApp.objects.exists()


def test_what_was_typed_is_not_put_back(walk: Walk, student: Account) -> None:
    to_enrollment(walk, student)
    assert "98765" not in page_of(post(walk, ENROLL, code="98765"))


def test_opening_the_page_changes_nothing(walk: Walk, student: Account) -> None:
    to_enrollment(walk, student)
    before = picture()
    walk.get(ENROLL)
    assert picture() == before


def test_the_same_code_sent_twice_registers_one_app(walk: Walk, student: Account) -> None:
    """Two clicks send the same session. The second request begins before the first one ends."""
    key = to_enrollment(walk, student)
    state = walk.browser.session["pending_sign_in"]
    post(walk, ENROLL, code=code_at(key))
    session = walk.browser.session
    session["pending_sign_in"] = state
    session.save()
    assert post(walk, ENROLL, code=code_at(key)).redirect_chain[-1][0] == "/enroll/done/"
    assert AuthenticatorApp.objects.count() == 1
    assert kinds(student) == [("device_enrolled", "")]


def test_of_two_browsers_that_know_the_password_one_enrolls(walk: Walk, another_walk: Walk, student: Account) -> None:
    key = to_enrollment(walk, student)
    enrolled(another_walk, student)
    assert post(walk, ENROLL, code=code_at(key)).status_code == 409
    assert AuthenticatorApp.objects.count() == 1


def test_who_may_not_use_an_app_is_told_so(walk: Walk, student: Account) -> None:
    MethodPolicy.objects.filter(method="mfa_totp").update(students=False)
    in_english(walk).to_password(student)
    before = picture()
    for response in (walk.get(ENROLL), post(walk, ENROLL, code="123456")):
        assert response.status_code == 403
        assert in_en("You cannot use this method") in page_of(response)
    assert picture() == before
    assert walk.get("/enroll/methods/").redirect_chain == [("/enroll/phone/", 302)]


def test_a_rule_made_after_each_migrate_lets_everybody_use_it(db: None) -> None:
    assert list(MethodPolicy.objects.filter(method="mfa_totp").values_list("students", "employees")) == [(True, True)]


def test_another_method_is_offered_where_there_is_one(walk: Walk, student: Account, employee: Account) -> None:
    link = "/enroll/methods/?left=mfa_totp"
    in_english(walk).to_password(student)
    assert f'href="{link}"' in page_of(walk.get(ENROLL))
    assert 'value="mfa_sms" checked' in page_of(walk.get(link))
    assert 'value="mfa_totp" checked' in page_of(walk.get("/enroll/methods/"))
    walk.to_password(employee)
    assert f'href="{link}"' not in page_of(walk.get(ENROLL))
    with translation.override("en"):
        assert gettext("If you choose text messages, your phone must have coverage.") not in page_of(
            walk.get("/enroll/")
        )


def test_a_new_app_is_not_asked_for_again_on_the_next_page(clock: Clock, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    adding(walk, phone.user, proven_at=1e12)
    post(walk, ENROLL, code=code_at(key_on(page_of(walk.get(ENROLL)))))
    walk.done()
    assert walk.browser.get("/security-info/recovery-codes/").status_code == 200


def adding(walk: Walk, account: Account, **fields: Any) -> None:
    """Begin the flow that the page of login methods begins."""
    request = RequestFactory().get("/")
    request.session = walk.browser.session
    own = {"session_id": registry.current_id(request)}
    flow.begin_signed_in(request, account, sign_in_pending.FlowPurpose.ADD, **own, **fields)
    request.session.save()


def test_a_second_app_is_added_beside_the_first(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    signed_in(walk, app)
    adding(walk, app.user, proven_at=1e12)
    key = key_on(page_of(walk.get(ENROLL)))
    post(walk, ENROLL, code=code_at(key))
    walk.done()
    assert {one.bin_key for one in AuthenticatorApp.objects.all()} == {app.bin_key, key}
    assert kinds(app.user)[-1] == ("device_enrolled", "")


def test_a_new_app_takes_the_place_of_an_old_one(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    signed_in(walk, app)
    adding(walk, app.user, proven_at=1e12, replaces=app.persistent_id)
    key = key_on(page_of(walk.get(ENROLL)))
    post(walk, ENROLL, code=code_at(key))
    walk.done()
    assert AuthenticatorApp.objects.get().bin_key == key
    assert kinds(app.user)[-1] == ("device_changed", "")
    assert is_signed_in(walk.browser)


def test_a_proof_of_long_ago_adds_no_app(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    signed_in(walk, app)
    adding(walk, app.user, proven_at=0.0)
    before = picture()
    assert walk.get(ENROLL).status_code == 403
    assert post(walk, ENROLL, code="123456").status_code == 403
    assert picture() == before


def test_the_step_up_of_somebody_who_is_signed_in_opens_no_enrollment(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    session = walk.browser.session
    pending = sign_in_pending.PendingSignIn(
        "", 1e12, account_id=phone.user.pk, auth_hash=phone.user.get_session_auth_hash()
    )
    session["pending_sign_in"] = asdict(replace(pending, purpose=sign_in_pending.FlowPurpose.STEP_UP))
    session.save()
    assert walk.get(ENROLL).status_code == 409


def test_an_app_alone_satisfies_the_requirement(app: AuthenticatorApp) -> None:
    standing = methods.standing(app.user.pk)
    assert standing.enrolled
    assert standing.strength == 2


def test_two_apps_are_told_apart_by_their_names(clock: Clock, walk: Walk, app: AuthenticatorApp) -> None:
    app_of(app.user, name="My work phone")
    in_english(walk).name(app.user)
    page = page_of(walk.password())
    assert "Use the code from your authenticator app (My work phone)" in page
    assert code_of(app) not in page
