"""The report link in an email to an owner: its holder can lock the account down, and do nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.signing import TimestampSigner
from django.test import TestCase
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk import events as helpdesk_events
from helpdesk.models import Case
from mfa_sms.models import SmsDevice
from notices import compromise_reports
from notices import events as notice_events
from notices.tests.owners import CLIENT, body, in_english, report_path, told_of
from sign_in.methods import events
from tests.fixtures import Browser, Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds, picture, session_carries_an_account
from tests.interface import in_en

ALREADY = "You have already told us"
DONE = in_en("You have told us that it was not you")
DEAD = in_en("The link no longer works")


def path_of(event: SecurityEvent) -> str:
    """Return the path of a report link for the event."""
    link = compromise_reports.report_link(event)
    return link[link.index("/report/") :]


@pytest.fixture
def path(phone: SmsDevice) -> str:
    """Return the path of the link in the email to the owner of a new phone."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        told_of(phone)
    return report_path(body())


def post(path: str, browser: Browser | None = None) -> str:
    """Press the button. Return the page that follows."""
    response: Any = (browser or in_english()).post(path, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def epoch() -> int:
    return Account.objects.get(username="stu123").session_epoch


def locked(phone: SmsDevice) -> bool:
    phone.refresh_from_db()
    return phone.disabled_at is not None


def test_the_page_says_what_is_reported_and_asks(path: str) -> None:
    page = in_english().get(path).content.decode()
    assert in_en("A login method was added") in page
    assert timezone.localtime(SecurityEvent.objects.get().at).strftime("%H:%M") in page
    assert page.count('type="submit">It was not me') == 1
    assert "stu123" not in page
    assert "Freja" not in page


def test_the_page_of_an_action_of_it_support_asks_whether_the_owner_asked_for_it(phone: SmsDevice) -> None:
    event = helpdesk_events.helpdesk_action_performed(phone.user, phone.user, "unlock", "mitid · 12345", CLIENT)
    page = in_english().get(path_of(event)).content.decode()
    assert in_en("Did you ask for this?") in page
    assert 'type="submit">I did not ask for this' in page
    assert "was not" not in page
    assert in_en("You have told us that you did not ask for this") in post(path_of(event))


@pytest.mark.parametrize("method", ["get", "head"])
def test_asvs_3_5_3_to_open_the_link_changes_nothing(path: str, method: str) -> None:
    before = picture()
    assert getattr(in_english(), method)(path).status_code == 200
    assert picture() == before


def test_a_switch_of_language_reports_nothing(path: str) -> None:
    before = picture()
    assert in_en("Was this you?") in Browser().post(path, {"language": "en"}).content.decode()
    assert picture() == before


def test_a_report_ends_all_sessions_locks_the_device_and_opens_a_case(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.signed_in(phone)
    page = post(path)
    assert DONE in page
    assert in_en("The login method is locked.") in page
    assert ALREADY not in page
    assert not is_signed_in(walk.browser)
    assert locked(phone)
    reported = SecurityEvent.objects.get(kind="reported")
    event = SecurityEvent.objects.get(kind="device_enrolled")
    assert (reported.account, reported.reason, reported.detail) == (phone.user, "device_enrolled", str(event.pk))
    assert (reported.method, reported.device_id, reported.actor) == ("mfa_sms", phone.pk, None)
    assert f'class="reference">{reported.reference}<' in page
    case = Case.objects.get()
    assert (case.kind, case.account, case.event, case.closed_at) == ("reported", phone.user, event, None)


def test_a_sign_in_that_was_begun_ends_too(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.to_code(phone)
    post(path)
    assert walk.code().status_code == 409
    assert not session_carries_an_account(walk.browser)


def test_the_page_says_what_to_do_now(path: str) -> None:
    page = post(path)
    assert 'href="/password/forgotten/"' in page
    number = "+45\N{NO-BREAK SPACE}35\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32"
    link = f'<a href="tel:+4535323232" class="phone">{number}</a>'
    assert f"Then call IT Support on {link} and give them the reference." in page


def test_the_link_signs_nobody_in(path: str) -> None:
    browser = in_english()
    browser.get(path)
    post(path, browser)
    assert not session_carries_an_account(browser)
    assert not is_signed_in(browser)


def test_a_second_report_changes_nothing_and_says_so(path: str, phone: SmsDevice) -> None:
    post(path)
    SmsDevice.objects.update(disabled_at=None)
    before = picture()
    page = post(path)
    assert ALREADY in page
    assert in_en("What to do now") in page
    assert picture() == before
    assert epoch() == 1


def test_the_link_of_what_was_reported_says_what_was_done(path: str) -> None:
    post(path)
    page = in_english().get(path).content.decode()
    assert DONE in page
    assert ALREADY not in page
    assert in_en("It was not me") not in page


def test_the_owner_may_be_signed_in(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.signed_in(phone)
    walk.browser.cookies["language"] = "en"
    assert DONE in post(path, walk.browser)
    assert not is_signed_in(walk.browser)


def test_somebody_else_who_is_signed_in_stays_so(walk: Walk, path: str, phone: SmsDevice, make_account: Any) -> None:
    other = confirmed_phone(make_account("oth111", is_student=True), "+4526123411")
    walk.signed_in(other)
    walk.browser.cookies["language"] = "en"
    assert DONE in post(path, walk.browser)
    assert locked(phone)
    assert not locked(other)
    assert is_signed_in(walk.browser)


def test_a_form_of_another_site_reports_nothing(path: str) -> None:
    before = picture()
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post(path).status_code == 403
    assert picture() == before


def test_a_device_that_was_removed_meanwhile_is_no_obstacle(path: str, phone: SmsDevice) -> None:
    phone.delete()
    page = post(path)
    assert DONE in page
    assert in_en("The login method is locked.") not in page
    assert (epoch(), Case.objects.count()) == (1, 1)


def test_the_device_that_took_anothers_place_is_locked(phone: SmsDevice) -> None:
    post(path_of(events.device_changed(phone.user, phone, "+45 •• •• •• 11", CLIENT)))
    assert locked(phone)


@pytest.mark.parametrize("kind", ["recovery_codes_made", "recovery_code_used"])
def test_recovery_codes_that_somebody_else_has_are_locked(phone: SmsDevice, kind: str) -> None:
    # This test installs no recovery codes. It checks that the method of the event's device locks the device.
    event = SecurityEvent.objects.create(kind=kind, account=phone.user, method="mfa_sms", device_id=phone.pk)
    post(path_of(event))
    assert locked(phone)


def test_what_is_left_after_a_removal_is_not_locked(phone: SmsDevice) -> None:
    event = SecurityEvent.objects.create(
        kind="device_removed", account=phone.user, method="mfa_sms", device_id=phone.pk
    )
    page = in_english().get(path_of(event)).content.decode()
    assert "lock the login method" not in page
    post(path_of(event))
    assert not locked(phone)
    assert epoch() == 1


def test_a_password_that_was_used_by_another_ends_the_sessions(phone: SmsDevice) -> None:
    post(path_of(notice_events.second_factor_missing(phone.user, "", None)))
    assert (epoch(), locked(phone)) == (1, False)


def test_another_accounts_device_is_never_locked(phone: SmsDevice, make_account: Any) -> None:
    other = make_account("oth111", is_student=True)
    event = SecurityEvent.objects.create(kind="device_enrolled", account=other, method="mfa_sms", device_id=phone.pk)
    post(path_of(event))
    assert not locked(phone)
    assert epoch() == 0


def test_an_account_that_was_disabled_can_still_report(path: str, phone: SmsDevice) -> None:
    Account.objects.update(is_active=False)
    assert DONE in post(path)
    assert Case.objects.exists()


def test_a_link_works_for_two_weeks(phone: SmsDevice, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    path = path_of(told_of(phone))
    time_machine.shift(timedelta(days=14))
    assert in_en("Was this you?") in in_english().get(path).content.decode()
    time_machine.shift(timedelta(seconds=1))
    before = picture()
    for response in (in_english().get(path), in_english().post(path)):
        assert response.status_code == 404
        assert DEAD in response.content.decode()
    assert picture() == before


def forged(path: str, phone: SmsDevice, settings: Settings) -> list[str]:
    """Return tokens with a wrong signature, changed tokens, and tokens of no reportable event."""
    token = path.split("/")[2]
    event = SecurityEvent.objects.get()
    other_salt = signing.dumps(event.pk, salt="notices.other")
    bare = TimestampSigner().sign(str(event.pk))
    unknown = signing.dumps(event.pk + 1000, salt="notices.compromise_report")
    nobody = signing.dumps(
        SecurityEvent.objects.create(kind="password_reset_requested").pk, salt="notices.compromise_report"
    )
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    with_other_key = signing.dumps(event.pk, key="another-key-of-another-portal", salt="notices.compromise_report")
    return [other_salt, bare, unknown, nobody, changed, with_other_key, "set-password", "%00", "æ", "::", "a" * 3000]


def test_what_nobody_of_us_made_gives_one_page_and_changes_nothing(
    path: str, phone: SmsDevice, settings: Settings
) -> None:
    tokens = forged(path, phone, settings)
    before = picture()
    for token in tokens:
        for method in ("get", "post"):
            response = getattr(in_english(), method)(f"/report/{token}/")
            assert (response.status_code, DEAD in response.content.decode()) == (404, True), token
    assert picture() == before


def test_asvs_14_2_1_the_address_holds_no_name_and_no_number(path: str) -> None:
    assert "stu123" not in path
    assert "26123478" not in path


def test_the_link_does_not_leak_to_other_hosts(path: str) -> None:
    response = in_english().get(path)
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_of_a_report_that_fails_nothing_is_left(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    before = picture()
    monkeypatch.setattr(Case.objects, "create", fail)
    with pytest.raises(RuntimeError):
        in_english().post(path)
    assert picture() == before
    assert "reported" not in kinds()
