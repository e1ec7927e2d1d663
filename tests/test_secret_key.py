"""A new SECRET_KEY interrupts no one if SECRET_KEY_FALLBACKS has the old one. Otherwise old signatures are invalid."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit import log
from common import keyed_digests
from kumfa.tests import test_production
from mfa_sms.models import SmsDevice
from mfa_sms.tests import test_human_check
from mfa_totp.tests import helpers as app
from notices import compromise_reports
from notices.tests.owners import told_of
from tests.fixtures import Walk
from tests.helpers import is_signed_in

Roll = Callable[[], None]


@pytest.fixture
def roll(settings: Settings) -> Roll:
    """Return a function that replaces the key and keeps the old one."""

    def replace() -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "the-next-secret-key-of-the-portal-0123456789"

    return replace


@pytest.fixture
def lose(settings: Settings, roll: Roll) -> Roll:
    """Return a function that replaces the key and forgets the old one."""

    def replace() -> None:
        roll()
        settings.SECRET_KEY_FALLBACKS = []

    return replace


def test_who_is_signed_in_stays_so(walk: Walk, phone: SmsDevice, roll: Roll) -> None:
    walk.signed_in(phone)
    roll()
    assert is_signed_in(walk.browser)
    assert is_signed_in(walk.browser)  # Django has written the hash under the new key


def test_without_the_old_key_nobody_stays_signed_in(walk: Walk, phone: SmsDevice, lose: Roll) -> None:
    walk.signed_in(phone)
    lose()
    assert not is_signed_in(walk.browser)


def test_a_session_can_end_the_others_after_it(walk: Walk, phone: SmsDevice, roll: Roll) -> None:
    walk.signed_in(phone)
    roll()
    walk.browser.post("/security-info/sessions/end-others/")
    assert is_signed_in(walk.browser)


def test_a_sign_in_under_way_goes_on(walk: Walk, phone: SmsDevice, roll: Roll) -> None:
    walk.to_code(phone)
    roll()
    walk.code()
    walk.stay()
    assert is_signed_in(walk.browser)


def test_a_number_that_was_just_entered_is_still_this_browsers(walk: Walk, student: Account, roll: Roll) -> None:
    walk.to_password(student)
    walk.number()
    roll()
    walk.enroll_code()
    assert SmsDevice.objects.filter(user=student, confirmed=True).exists()


def test_an_app_that_was_just_shown_its_key_can_be_confirmed(walk: Walk, student: Account, roll: Roll) -> None:
    key = app.to_enrollment(walk, student)
    roll()
    assert app.post(walk, app.ENROLL, code=app.code_at(key)).redirect_chain[-1][0] == "/enroll/done/"


def test_a_solved_human_check_passes(walk: Walk, student: Account, settings: Settings, roll: Roll) -> None:
    settings.SMS_CHECK_COST = 10
    check = test_human_check.to_check(walk, student)
    solution = test_human_check.solve(check)
    roll()
    test_human_check.post(walk, solution)
    check.refresh_from_db()
    assert check.passed_at is not None


def test_links_to_report_and_to_choose_a_password_work(walk: Walk, phone: SmsDevice, roll: Roll) -> None:
    report = compromise_reports.report_link(told_of(phone)).split("/report/")[1]
    uid = urlsafe_base64_encode(force_bytes(phone.user_id))
    token = default_token_generator.make_token(phone.user)
    roll()
    assert walk.get(f"/report/{report}").status_code == 200
    assert 'name="new_password1"' in walk.get(f"/password/new/{uid}/{token}/").content.decode()


def test_without_the_old_key_those_links_are_dead(walk: Walk, phone: SmsDevice, lose: Roll) -> None:
    report = compromise_reports.report_link(told_of(phone)).split("/report/")[1]
    lose()
    assert walk.get(f"/report/{report}").status_code == 404


def test_digests_of_names_are_found_under_both_keys(roll: Roll) -> None:
    old = log.name_digest("stu123")
    roll()
    assert log.name_digest("stu123") != old
    assert log.name_digests("stu123") == [log.name_digest("stu123"), old]
    assert keyed_digests.matches("salt", "value", keyed_digests.digest("salt", "value"))


def test_the_cookie_with_the_name_is_read(roll: Roll) -> None:
    signed = signing.get_cookie_signer(salt="name").sign("stu123")
    roll()
    assert signing.get_cookie_signer(salt="name").unsign(signed) == "stu123"


def test_the_variable_is_a_list_of_earlier_keys(tmp_path: Path) -> None:
    script = "from kumfa import settings as s; print(s.SECRET_KEY_FALLBACKS, len(s.derived_keys('x')))"
    env = test_production.environment(tmp_path, SECRET_KEY_FALLBACKS="a" * 32 + ", " + "b" * 32)
    said = test_production.run("-c", script, env=env).stdout
    assert re.sub(r"a{32}", "A", re.sub(r"b{32}", "B", said)).strip() == "['A', 'B'] 3"


def test_a_short_earlier_key_is_refused(tmp_path: Path) -> None:
    env = test_production.environment(tmp_path, SECRET_KEY_FALLBACKS="short")
    done = test_production.run("manage.py", "check", env=env)
    assert "(kumfa.E018) SECRET_KEY_FALLBACKS" in done.stderr
