"""Two concurrent requests that end or move the sessions of one account, serialized by row locks."""

from functools import partial

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.models import Account
from common.problems import Problem
from mfa_sms.tests.races import at_once
from sessions import registry
from sessions.database import SessionStore
from sessions.models import Session

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]

ROUNDS = 20


def signed_in(account: Account) -> HttpRequest:
    """Return a request with a new session in which the account is signed in."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session[SESSION_KEY] = str(account.pk)
    request.session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    registry.started(request, account)
    request.session.save()
    return request


def move(request: HttpRequest) -> bool:
    request.session.cycle_key()
    request.session.save()
    return True


def end_others(request: HttpRequest, account_id: int) -> int:
    return registry.end_others(request, Account.objects.get(pk=account_id))


def test_asvs_7_4_3_of_two_sessions_that_end_each_other_one_remains(student: Account) -> None:
    for _round in range(ROUNDS):
        student.refresh_from_db()
        requests = [signed_in(student), signed_in(student)]
        answers = at_once([partial(end_others, request, student.pk) for request in requests])
        assert sum(isinstance(answer, Problem) for answer in answers) == 1
        winner = requests[answers.index(1)]
        winner.session.save()
        assert Session.objects.get().session_key == winner.session.session_key
        winner.session.flush()


def test_asvs_7_4_1_a_session_that_gets_a_new_key_while_it_is_ended_is_over(student: Account) -> None:
    for _round in range(ROUNDS):
        request = signed_in(student)
        moved, ended = at_once([partial(move, request), partial(registry.end, student, registry.current_id(request))])
        assert moved is True or isinstance(moved, UpdateError)
        assert ended is True
        assert not Session.objects.exists()


def test_of_two_requests_that_end_one_session_one_has_ended_it(student: Account) -> None:
    for _round in range(ROUNDS):
        request = signed_in(student)
        answers = at_once([partial(registry.end, student, registry.current_id(request))] * 2)
        assert sorted(map(str, answers)) == ["False", "True"]
