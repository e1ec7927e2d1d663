"""If the same hint, link or response is used several times at once, only one use counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.models import Account
from audit.models import RefusalCount, SecurityEvent
from common.client_info import ClientInfo
from sso import keys
from sso.entra import attempts, response
from sso.entra.refusals import RequestRefused
from sso.models import EntraAttempt, SigningKey, TenantLink
from tests.entra.conftest import make_entra, make_tenant
from tests.entra.standin import Entra, User
from tests.fixtures import confirmed_phone

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]

AT_ONCE = 6


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """Call the function from several threads at the same time. Return the results or the exceptions."""
    barrier = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        barrier.wait(30)
        try:
            return act(number)
        except (RequestRefused, response.TooLate) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.fixture
def tenant_of_race(transactional_db: None) -> Entra:
    """Return a tenant with its row."""
    entra = make_entra()
    make_tenant(entra)
    return entra


@pytest.fixture
def someone(transactional_db: None) -> Account:
    """Return a student."""
    return Account.objects.create_user("stu123", "x", is_student=True)


def test_of_one_request_sent_many_times_one_counts(tenant_of_race: Entra, someone: Account) -> None:
    fields = tenant_of_race.ask(User(str(someone.account_name)))
    results = at_once(lambda number: attempts.open_attempt(fields, ClientInfo()))
    assert [isinstance(result, RequestRefused) for result in results].count(False) == 1
    assert EntraAttempt.objects.count() == 1
    assert TenantLink.objects.count() == 1
    refused = RefusalCount.objects.filter(kind="service_refused", reason="replayed")
    assert sum(refused.values_list("count", flat=True)) == AT_ONCE - 1


def test_many_first_requests_of_one_user_make_one_link(tenant_of_race: Entra, someone: Account) -> None:
    user = User(str(someone.account_name))
    asked = [tenant_of_race.ask(user) for _each in range(AT_ONCE)]
    at_once(lambda number: attempts.open_attempt(asked[number], ClientInfo()))
    assert EntraAttempt.objects.filter(account=someone, error="").count() == AT_ONCE
    assert SecurityEvent.objects.filter(kind="service_linked").count() == 1


def test_of_many_users_of_one_name_one_gets_the_account(tenant_of_race: Entra, someone: Account) -> None:
    asked = [tenant_of_race.ask(User(str(someone.account_name))) for _each in range(AT_ONCE)]
    at_once(lambda number: attempts.open_attempt(asked[number], ClientInfo()))
    assert EntraAttempt.objects.filter(error="").count() == 1
    assert EntraAttempt.objects.filter(reason="link_taken").count() == AT_ONCE - 1


def test_of_many_answers_one_is_given(tenant_of_race: Entra, someone: Account) -> None:
    keys.rotate(SigningKey.Use.ENTRA)
    attempts.open_attempt(tenant_of_race.ask(User(str(someone.account_name))), ClientInfo())
    phone = confirmed_phone(someone)
    attempt = EntraAttempt.objects.select_related("tenant").get()

    def answer(number: int) -> Any:
        if number % 2:
            return response.error_response(attempt, "declined", attempts.ACCESS_DENIED, ClientInfo())
        return response.token_response(attempt, someone, phone, ClientInfo())

    results = at_once(answer)
    assert [isinstance(result, response.EntraResponse) for result in results].count(True) == 1
    told = SecurityEvent.objects.filter(kind__in=("service_signed_in", "service_refused"))
    assert told.count() == 1
    assert EntraAttempt.objects.exclude(answered_at=None).count() == 1
