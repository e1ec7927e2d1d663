"""A session that one request ends does not come back through another request that is still running."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sessions import cached, registry
from sessions.models import Session
from sign_in import remember_me
from tests.fixtures import Walk
from tests.helpers import is_signed_in, request_of, with_cookies_of

ENGINES = ["sessions.database", "sessions.cached"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.SESSION_ENGINE = request.param
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "races"}}
    return str(request.param)


def one(account: Account, walk: Walk) -> None:
    assert registry.end(account, registry.current_id(request_of(walk.browser)))


def every(account: Account, walk: Walk) -> None:
    assert registry.end_all(account) == 1


def sign_out(account: Account, walk: Walk) -> None:
    with_cookies_of(walk.browser).post("/sign-out/")


@pytest.mark.parametrize("end", [one, every, sign_out])
def test_asvs_7_4_1_a_session_that_ends_while_it_is_used_is_not_saved_again(
    engine: str,
    walk: Walk,
    phone: SmsDevice,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Account, Walk], None],
) -> None:
    walk.to_code(phone)
    walk.code()
    replayed = with_cookies_of(walk.browser)
    account = Account.objects.get(pk=phone.user.pk)
    answer = remember_me.apply_choice

    def answer_when_it_has_ended(*args: Any) -> None:
        end(account, walk)
        answer(*args)

    monkeypatch.setattr(remember_me, "apply_choice", answer_when_it_has_ended)
    assert walk.stay("yes").redirect_chain == [("/", 302), ("/sign-in/", 302)]
    assert not Session.objects.exists()
    assert not is_signed_in(walk.browser)
    assert not is_signed_in(replayed)


@pytest.mark.usefixtures("engine")
def test_asvs_7_4_1_a_session_that_ends_before_its_use_is_noted_gets_no_page(
    walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    walk.signed_in(phone)
    account = Account.objects.get(pk=phone.user.pk)
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    note = registry.note_use

    def note_when_it_has_ended(session: Any) -> bool:
        monkeypatch.undo()
        registry.end_all(account)
        return note(session)

    monkeypatch.setattr(registry, "note_use", note_when_it_has_ended)
    assert walk.get("/security-info/").redirect_chain == [("/", 302), ("/sign-in/", 302)]
    assert not Session.objects.exists()


@pytest.mark.parametrize("engine", ENGINES[1:], indirect=True)
@pytest.mark.parametrize("moment", ["read", "saved", "moved"])
def test_asvs_7_4_1_a_copy_that_a_slow_request_leaves_in_the_cache_opens_nothing(
    engine: str, walk: Walk, phone: SmsDevice, moment: str
) -> None:
    walk.signed_in(phone)
    session = cached.SessionStore(walk.browser.cookies["session"].value)
    session["saved"] = "before its end"
    if moment == "moved":
        session.cycle_key()
    session.save()
    walk.browser.cookies["session"] = key = session.session_key or ""
    assert cached.SessionStore.end([key]) == 1
    if moment == "read":
        session._cache.add(session.cache_key, session._session)  # type: ignore[attr-defined]
    else:
        session._cache.set(session.cache_key, session._session, 60)  # type: ignore[attr-defined]
    assert not is_signed_in(walk.browser)


@pytest.mark.parametrize("engine", ENGINES[1:], indirect=True)
def test_asvs_7_2_4_a_copy_under_the_old_key_opens_nothing(engine: str, walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    stolen = with_cookies_of(walk.browser)
    slow, session = walk.browser.session, walk.browser.session
    slow.get("nothing")
    session.cycle_key()
    session.save()
    slow._cache.set(slow.cache_key, slow._session, 60)  # type: ignore[attr-defined]
    walk.browser.cookies["session"] = session.session_key or ""
    assert not is_signed_in(stolen)
    assert is_signed_in(walk.browser)


@pytest.mark.parametrize("engine", ENGINES[1:], indirect=True)
def test_a_copy_that_was_read_late_does_not_replace_what_another_request_saved(
    engine: str, walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.signed_in(phone)
    key = walk.browser.cookies["session"].value
    late, quick = cached.SessionStore(key), cached.SessionStore(key)
    late._cache.forget(late.cache_key)
    read = late._get_session_from_db  # type: ignore[attr-defined]

    def read_and_wait() -> Any:
        row = read()
        quick["saved"] = "meanwhile"
        quick.save()
        return row

    monkeypatch.setattr(late, "_get_session_from_db", read_and_wait)
    late.get("nothing")
    assert cached.SessionStore(key)["saved"] == "meanwhile"
