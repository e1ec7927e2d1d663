"""The open sessions of an account, and ending them (ASVS 7.4, 7.5.2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from common.problems import Problem
from mfa_sms.models import SmsDevice
from sessions import registry
from sessions.models import Session
from tests.fixtures import PASSWORD, Browser, MakeAccount, Walk, confirmed_phone
from tests.helpers import is_signed_in, kinds, request_of, staff_signed_in, with_cookies_of

ENGINES = ["sessions.database", "sessions.cached"]
LOCAL = "django.core.cache.backends.locmem.LocMemCache"
GONE = "sessions.tests.test_session_engines.GoneCache"


@pytest.fixture(
    params=[(ENGINES[0], LOCAL), (ENGINES[1], LOCAL), (ENGINES[1], GONE)],
    ids=["database", "cached", "cache_gone"],
    autouse=True,
)
def engine(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.SESSION_ENGINE, cache = request.param
    settings.CACHES = {"default": {"BACKEND": cache, "LOCATION": "registry"}}


@pytest.fixture
def account(phone: SmsDevice) -> Account:
    return Account.objects.get(pk=phone.user.pk)


@pytest.fixture
def two(walk: Walk, another_walk: Walk, phone: SmsDevice, time_machine: TimeMachineFixture) -> tuple[Browser, Browser]:
    """Sign the account in with two browsers, with the second 30 minutes after the first."""
    walk.browser.defaults["HTTP_USER_AGENT"] = "Firefox/140.0"
    walk.signed_in(phone)
    time_machine.move_to(timezone.now() + timedelta(minutes=30), tick=False)
    another_walk.browser.defaults |= {"HTTP_USER_AGENT": "Safari/18.5", "REMOTE_ADDR": "192.0.2.7"}
    another_walk.signed_in(phone)
    return walk.browser, another_walk.browser


def id_of(browser: Browser) -> str:
    return registry.current_id(request_of(browser))


def test_asvs_7_5_2_people_see_where_they_are_signed_in_last_used_first(
    two: tuple[Browser, Browser], account: Account
) -> None:
    with CaptureQueriesContext(connection) as captured:
        later, earlier = registry.open_sessions(account)
    assert len(captured) == 1
    assert (later.id, earlier.id) == (id_of(two[1]), id_of(two[0]))
    assert (later.browser, later.address) == ("Safari/18.5", "192.0.2.7")
    assert (earlier.browser, earlier.address) == ("Firefox/140.0", "127.0.0.1")
    assert later.signed_in_at - earlier.signed_in_at >= timedelta(minutes=30)
    assert later.seen_at == timezone.now()
    assert not later.is_remembered
    assert is_signed_in(two[0])
    assert {one.seen_at for one in registry.open_sessions(account)} == {timezone.now()}


def test_asvs_7_5_2_the_columns_say_what_the_session_says(walk: Walk, phone: SmsDevice, account: Account) -> None:
    walk.to_password(account)
    assert Session.objects.get().account is None
    walk.send(phone)
    walk.code()
    walk.stay("yes")
    (one,) = registry.open_sessions(account)
    row = Session.objects.get()
    assert row.account == account
    assert (row.signed_in_at, row.seen_at, row.is_remembered) == (one.signed_in_at, one.seen_at, True)
    assert (row.address, row.browser) == (one.address, one.browser)


def test_asvs_7_5_2_the_id_is_not_the_key_and_stays_when_the_key_changes(
    two: tuple[Browser, Browser], account: Account
) -> None:
    before, old_key = id_of(two[0]), two[0].cookies["session"].value
    assert old_key not in before
    assert before not in old_key
    session = two[0].session
    session.cycle_key()
    session.save()
    two[0].cookies["session"] = session.session_key or ""
    assert session.session_key != old_key
    assert id_of(two[0]) == before
    assert before in {one.id for one in registry.open_sessions(account)}
    assert Session.objects.filter(account=account).count() == 2


def test_asvs_7_5_2_people_end_one_session_and_keep_the_others(two: tuple[Browser, Browser], account: Account) -> None:
    assert is_signed_in(two[1])
    ended = id_of(two[1])
    assert registry.end(account, ended)
    assert not is_signed_in(two[1])
    assert is_signed_in(two[0])
    assert [one.id for one in registry.open_sessions(account)] == [id_of(two[0])]
    assert not registry.end(account, ended)


@pytest.mark.parametrize("nonsense", ["", "nonsense"])
def test_asvs_7_5_2_an_id_that_no_session_has_ends_nothing(
    two: tuple[Browser, Browser], account: Account, nonsense: str
) -> None:
    assert not registry.end(account, nonsense)
    assert not registry.end(account, two[0].cookies["session"].value)
    assert is_signed_in(two[0])
    assert is_signed_in(two[1])


def test_asvs_7_5_2_nobody_ends_the_session_of_another_account(
    walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    walk.signed_in(phone)
    assert not registry.end(make_account("oth555", is_student=True), id_of(walk.browser))
    assert is_signed_in(walk.browser)


def test_asvs_7_4_3_ending_the_others_leaves_this_session_alone(
    two: tuple[Browser, Browser], account: Account, another_walk: Walk, make_account: MakeAccount
) -> None:
    stranger = Walk(another_walk.outbox).signed_in(
        confirmed_phone(make_account("oth555", is_student=True), "+4526123479")
    )
    begun = Walk(another_walk.outbox).to_password(account)
    stolen = with_cookies_of(two[0])
    request = request_of(two[0])
    assert registry.end_others(request, account) == 1
    request.session.save()
    two[0].cookies["session"] = request.session.session_key or ""
    assert is_signed_in(two[0])
    assert not is_signed_in(two[1])
    assert not is_signed_in(stolen)
    assert begun.get("/sign-in/verify/").status_code == 409
    assert is_signed_in(stranger.browser)
    assert [one.id for one in registry.open_sessions(account)] == [id_of(two[0])]
    assert account.session_epoch == Account.objects.get(pk=account.pk).session_epoch == 1


def test_asvs_7_4_3_a_session_that_was_ended_meanwhile_ends_no_others(
    two: tuple[Browser, Browser], account: Account
) -> None:
    late = request_of(two[1])
    late.session.get(HASH_SESSION_KEY)
    request = request_of(two[0])
    registry.end_others(request, account)
    request.session.save()
    two[0].cookies["session"] = request.session.session_key or ""
    with pytest.raises(Problem):
        registry.end_others(late, account)
    assert is_signed_in(two[0])


def test_asvs_7_4_3_nobody_ends_others_of_an_account_that_is_not_theirs(
    walk: Walk, phone: SmsDevice, make_account: MakeAccount
) -> None:
    other = make_account("oth555", is_student=True)
    walk.signed_in(phone)
    with pytest.raises(Problem):
        registry.end_others(request_of(walk.browser), other)
    with pytest.raises(Problem):
        registry.end_others(request_of(Browser()), other)
    assert Account.objects.get(pk=other.pk).session_epoch == 0


def test_asvs_7_4_5_ending_all_leaves_no_session_and_no_sign_in_that_was_begun(
    two: tuple[Browser, Browser], account: Account, another_walk: Walk
) -> None:
    begun = Walk(another_walk.outbox).to_password(account)
    before = kinds()
    assert registry.end_all(account) == 2
    assert not is_signed_in(two[0])
    assert not is_signed_in(two[1])
    assert begun.get("/sign-in/verify/").status_code == 409
    assert registry.open_sessions(account) == []
    assert kinds() == before


def test_sessions_past_a_limit_are_not_listed(
    two: tuple[Browser, Browser], account: Account, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now() + timedelta(minutes=31), tick=False)
    assert [one.id for one in registry.open_sessions(account)] == [id_of(two[1])]


def test_sessions_that_a_new_password_has_ended_are_not_listed(two: tuple[Browser, Browser], account: Account) -> None:
    account.set_password(PASSWORD + "!")
    account.save()
    assert registry.open_sessions(account) == []


def test_a_session_tells_whether_it_began_as_one_of_staff(
    walk: Walk, another_walk: Walk, phone: SmsDevice, helpdesk: Account
) -> None:
    walk.signed_in(phone)
    staff_signed_in(another_walk, helpdesk)
    Account.objects.update(is_staff=True)
    assert not registry.began_as_staff(request_of(walk.browser))
    assert registry.began_as_staff(request_of(another_walk.browser))
    assert not registry.began_as_staff(request_of(Browser()))


def test_a_sign_in_keeps_no_more_of_the_browser_than_its_column_holds(walk: Walk, phone: SmsDevice) -> None:
    browser: Any = walk.browser
    browser.defaults["HTTP_USER_AGENT"] = "x" * 1000
    walk.signed_in(phone)
    assert Session.objects.get().browser == "x" * 200
