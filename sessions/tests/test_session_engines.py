"""Sessions with keys that are rotated in place, with the database alone and with a cache."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from mfa_sms.models import SmsDevice
from sessions import cached, database
from sessions.models import Session
from tests.fixtures import Walk

LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "engines"}}

pytestmark = pytest.mark.django_db


class GoneCache(LocMemCache):
    """A cache whose server does not answer."""

    def _gone(self, *args: Any, **kwargs: Any) -> Any:
        raise ConnectionError("Error 111 connecting to cache.example.org:6379. Connection refused.")

    get = set = delete = has_key = add = _gone


@pytest.fixture(params=[database.SessionStore, cached.SessionStore], ids=["database", "cached"])
def store(request: pytest.FixtureRequest, settings: Settings) -> Any:
    """Return a saved session with the data `{"step": 1}`."""
    settings.CACHES = LOCAL
    session = request.param()
    session["step"] = 1
    session.save()
    return session


def reopened(store: Any, key: str | None) -> dict[str, Any]:
    """Return the data that a request with this session key finds."""
    session = type(store)(key)
    return {name: session[name] for name in session.keys()}  # noqa: SIM118 - a session is not a mapping


def test_a_rotated_session_keeps_what_it_holds_under_the_new_key_alone(store: Any) -> None:
    old = store.session_key
    store.cycle_key()
    store["step"] = 2
    store.save()
    assert store.session_key != old
    assert reopened(store, store.session_key) == {"step": 2}
    assert reopened(store, old) == {}


def test_a_rotation_is_one_update(store: Any) -> None:
    store.cycle_key()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        store.save()
    assert [query["sql"].split()[0] for query in queries] == ["UPDATE"]


def test_the_old_key_is_good_until_the_session_is_saved(store: Any) -> None:
    old = store.session_key
    store.cycle_key()
    assert reopened(store, old) == {"step": 1}


def test_rotating_twice_before_saving_moves_the_row_once(store: Any) -> None:
    old = store.session_key
    store.cycle_key()
    between = store.session_key
    store.cycle_key()
    store.save()
    assert Session.objects.count() == 1
    assert reopened(store, old) == reopened(store, between) == {}
    assert reopened(store, store.session_key) == {"step": 1}


def test_a_session_can_be_rotated_again_after_saving(store: Any) -> None:
    for _time in range(2):
        old = store.session_key
        store.cycle_key()
        store.save()
        assert reopened(store, old) == {}
    assert reopened(store, store.session_key) == {"step": 1}


def test_a_session_that_was_never_saved_has_no_key_to_rotate(store: Any) -> None:
    fresh = type(store)()
    fresh["step"] = 3
    fresh.cycle_key()
    assert fresh.session_key is None
    fresh.save()
    assert reopened(store, fresh.session_key) == {"step": 3}


def test_a_session_that_was_ended_elsewhere_is_not_brought_back_by_a_rotation(store: Any) -> None:
    old = store.session_key
    store.cycle_key()
    type(store)(old).flush()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_of_two_rotations_at_once_one_wins(store: Any) -> None:
    other = type(store)(store.session_key)
    store.cycle_key()
    other.cycle_key()
    other.save()
    with pytest.raises(UpdateError):
        store.save()
    assert list(Session.objects.values_list("session_key", flat=True)) == [other.session_key]


def test_flushing_a_rotated_session_deletes_the_row_it_had(store: Any) -> None:
    old = store.session_key
    store.cycle_key()
    store.flush()
    assert not Session.objects.exists()
    assert reopened(store, old) == {}
    assert store.session_key is None


def test_a_flushed_session_begins_anew(store: Any) -> None:
    store.cycle_key()
    store.flush()
    store["step"] = 9
    store.save()
    assert reopened(store, store.session_key) == {"step": 9}


def test_a_new_session_takes_one_insert(store: Any) -> None:
    fresh = type(store)()
    fresh["step"] = 1
    with CaptureQueriesContext(connection) as queries:
        fresh.save()
    assert [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]] == ["INSERT"]


def test_keys_do_not_repeat(store: Any) -> None:
    keys = set()
    for _time in range(100):
        store.cycle_key()
        keys.add(store.session_key)
    assert len(keys) == 100
    assert all(len(key) == 32 for key in keys)


def test_the_cache_forgets_the_old_key(settings: Settings) -> None:
    settings.CACHES = LOCAL
    session = cached.SessionStore()
    session["step"] = 1
    session.save()
    old = session.session_key
    session.cycle_key()
    session.save()
    Session.objects.all().delete()
    assert reopened(session, old) == {}


def test_asvs_13_2_6_a_cache_that_is_gone_keeps_nobody_from_signing_in(
    settings: Settings, walk: Walk, phone: SmsDevice
) -> None:
    settings.SESSION_ENGINE = "sessions.cached"
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.GoneCache", "LOCATION": "gone"}}
    walk.signed_in(phone)
    assert walk.get("/security-info/").redirect_chain == []


def test_asvs_13_2_6_a_cache_that_is_gone_keeps_nobody_from_signing_out(
    settings: Settings, walk: Walk, phone: SmsDevice
) -> None:
    settings.SESSION_ENGINE = "sessions.cached"
    settings.CACHES = LOCAL
    walk.signed_in(phone)
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.GoneCache", "LOCATION": "gone"}}
    assert walk.browser.post("/sign-out/").status_code == 302
    assert not Session.objects.exists()
