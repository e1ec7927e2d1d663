"""The page of login methods: its content and its queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from mfa_sms.method import METHOD
from mfa_sms.models import SmsDevice
from sessions import events as session_events
from sessions import registry
from sign_in import events
from sign_in.methods import policies
from sign_in.models import MethodPolicy
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds, registered_methods

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def page_of(walk: Walk) -> str:
    response = walk.get("/security-info/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_page_needs_at_most_ten_queries_whatever_there_is(walk: Walk, phone: SmsDevice) -> None:
    for number in range(6):
        confirmed_phone(phone.user, f"+452612350{number}")
        Walk(walk.outbox).signed_in(phone) if number < 2 else None
    for _each in range(40):
        events.signed_in(phone.user, phone, ClientInfo("192.0.2.7", FIREFOX))
    walk.signed_in(phone)
    policies.forget()
    # `otp_static` belongs to the demo.
    with registered_methods(without="otp_static"), CaptureQueriesContext(connection) as captured:
        page_of(walk)
    statements = [query["sql"] for query in captured.captured_queries]
    assert len(statements) <= 10, "\n".join(statements)


def test_a_number_is_masked_and_its_country_named(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    page = page_of(walk)
    assert "+45 •• •• •• 78" in page
    assert "Danmark" in page
    assert "26123478" not in page.replace(" ", "")


def test_asvs_7_5_2_people_see_their_sessions_and_end_one(walk: Walk, another_walk: Walk, phone: SmsDevice) -> None:
    another_walk.browser.defaults["HTTP_USER_AGENT"] = FIREFOX
    another_walk.signed_in(phone)
    walk.signed_in(phone)
    page = page_of(walk)
    assert "Firefox" in page
    assert "127.0.0.1" in page
    public_id = page.partition('name="session" value="')[2].partition('"')[0]
    assert str(another_walk.browser.session.session_key) not in page
    walk.browser.post("/security-info/sessions/end/", {"session": public_id})
    assert is_signed_in(walk.browser)
    assert not is_signed_in(another_walk.browser)
    assert kinds()[-1] == session_events.SESSION_ENDED


@pytest.mark.parametrize("session", ["", "nonsense", "x" * 5000])
def test_ending_a_session_that_is_none_changes_nothing(walk: Walk, phone: SmsDevice, session: str) -> None:
    walk.signed_in(phone)
    before = kinds()
    assert walk.browser.post("/security-info/sessions/end/", {"session": session}).status_code == 302
    assert kinds() == before
    assert is_signed_in(walk.browser)


def test_another_accounts_session_is_not_ended(
    walk: Walk, another_walk: Walk, phone: SmsDevice, make_account: Any
) -> None:
    other = confirmed_phone(make_account("stu999", is_student=True), "+4526123400")
    another_walk.signed_in(other)
    walk.signed_in(phone)
    theirs = registry.open_sessions(other.user)[0].id
    walk.browser.post("/security-info/sessions/end/", {"session": theirs})
    assert is_signed_in(another_walk.browser)


def test_recent_activity_is_of_the_last_ninety_days_and_the_owners_own(
    walk: Walk, phone: SmsDevice, make_account: Any
) -> None:
    stranger = confirmed_phone(make_account("stu999", is_student=True), "+4526123400")
    events.signed_in(stranger.user, stranger, ClientInfo("192.0.2.99", FIREFOX))
    old = timezone.now() - timedelta(days=91)
    SecurityEvent.objects.create(kind="signed_in", account=phone.user, at=old, address="192.0.2.50")
    SecurityEvent.objects.create(kind="signed_in", account=phone.user, address="192.0.2.51", browser=FIREFOX)
    walk.signed_in(phone)
    for path in ("/security-info/", "/security-info/activity/"):
        page = walk.get(path).content.decode()
        assert "192.0.2.51" in page
        assert "192.0.2.50" not in page
        assert "192.0.2.99" not in page


def test_all_activity_comes_in_pages(walk: Walk, phone: SmsDevice) -> None:
    for _each in range(60):
        events.signed_in(phone.user, phone, ClientInfo())
    walk.signed_in(phone)
    first = walk.get("/security-info/activity/").content.decode()
    assert "?page=2" in first
    assert "?page=4" not in walk.get("/security-info/activity/?page=3").content.decode()
    for wrong in ("0", "-1", "x", "999999999999999999999"):
        assert walk.get(f"/security-info/activity/?page={wrong}").status_code == 200


def test_a_method_that_is_no_longer_allowed_says_so(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    MethodPolicy.objects.filter(method="mfa_sms").update(students=False)
    policies.forget()
    assert "ikke længere" in page_of(walk)


def test_a_password_alone_does_not_open_it(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    assert walk.get("/security-info/").redirect_chain[-1][0].startswith("/sign-in/")
    assert walk.get("/security-info/activity/").redirect_chain[-1][0].startswith("/sign-in/")


def test_an_account_without_a_name_of_its_device_shows_the_methods_name(walk: Walk, student: Account) -> None:
    walk.signed_in(confirmed_phone(student))
    assert "<strong>Telefon</strong>" in page_of(walk)


def test_a_link_names_the_method_or_what_its_owner_calls_it(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    assert f"> {METHOD.label}, nummeret, der ender på 78</span>" in page_of(walk)
    SmsDevice.objects.update(name="Min gamle Nokia")
    assert "> Min gamle Nokia, nummeret, der ender på 78</span>" in page_of(walk)


def test_the_activity_says_which_number_was_replaced_in_words(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    SecurityEvent.objects.create(kind="device_changed", account=phone.user, method="mfa_sms", detail="+45 •• •• •• 23")
    page = walk.get("/security-info/activity/").content.decode()
    assert "nummeret, der ender på 23" in page
    assert "•" not in page
