"""The number of SQL statements of a sign-in."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts import language
from common import cached_value
from mfa_sms import breaker
from mfa_sms.delivery import deliver
from mfa_sms.models import SmsDevice
from sign_in.methods import policies, registry
from tests.fixtures import PASSWORD, Walk

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@pytest.fixture
def _cached_sessions(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.SESSION_ENGINE = "sessions.cached"


def statements(request: Any, *args: Any) -> int:
    """Count the SQL statements of a request, without transaction control. The statements of the worker do not count."""
    with CaptureQueriesContext(connection) as captured:
        request(*args)
    return sum(not query["sql"].startswith(CONTROL) for query in captured.captured_queries)


@pytest.mark.usefixtures("_cached_sessions")
def test_the_five_pages_of_a_sign_in_make_at_most_28_statements(
    walk: Walk, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached_value, "MAX_AGE", 3600.0)  # each process reads these values once a second
    breaker.gateways_out_of_service()
    policies.audience("mfa_sms")
    monkeypatch.delitem(registry._methods, "otp_static")
    language.save(phone.user, "da")
    sent: list[int] = []
    monkeypatch.setattr("mfa_sms.sending.enqueue_code", sent.append)
    get, post = walk.browser.get, walk.browser.post
    total = statements(get, "/sign-in/")
    total += statements(post, "/sign-in/", {"account_name": str(phone.user.account_name)})
    total += statements(get, "/sign-in/password/")
    total += statements(post, "/sign-in/password/", {"password": PASSWORD})
    total += statements(get, "/sign-in/verify/")
    total += statements(post, "/sign-in/verify/send/", {"device": phone.persistent_id})
    total += statements(get, "/sign-in/verify/code/")
    deliver(sent[0])
    total += statements(post, "/sign-in/verify/code/", {"code": walk.outbox.codes[-1]})
    total += statements(get, "/sign-in/stay/")
    total += statements(post, "/sign-in/stay/", {"stay": "no"})
    assert walk.browser.get("/security-info/").status_code == 200
    assert total <= 28
