"""Concurrent requests that enter or issue an access pass."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from helpdesk import perform, registry
from helpdesk.registry import ActionRefused, ActionResult
from mfa_pass import codes
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import SAID, WRONG, allow, give
from mfa_pass.verification import PassVerification
from mfa_sms.tests.helpers import pending_of
from mfa_sms.tests.races import at_once
from sign_in.verification import CodeResult

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("row_locks")]


def answer(account: Account, code: str, browser: str = "this-browser") -> CodeResult[AccessPass]:
    return PassVerification(pending_of(account, browser), ClientInfo()).verify(code)


def act(agent: Account, account: Account, replaces: bool = False) -> Any:
    what = registry.by_slug("access-pass")
    assert what is not None
    said = {**SAID, "life": timedelta(hours=1), "more_than_once": False, "replaces": replaces}
    return perform.perform_action(agent, what, account, said, ClientInfo())


def verdicts(answers: list[Any]) -> list[str]:
    return sorted(answer.verdict.value if isinstance(answer, CodeResult) else repr(answer) for answer in answers)


def test_asvs_6_5_1_of_two_uses_of_a_single_use_pass_at_once_exactly_one_wins(
    student: Account, helpdesk: Account
) -> None:
    for _time in range(10):
        code = give(student, helpdesk)
        assert verdicts(at_once([partial(answer, student, code)] * 2)) == ["gone", "right"]
    assert SecurityEvent.objects.filter(kind="pass_used").count() == 10
    assert SecurityEvent.objects.filter(kind="signed_in").count() == 10


def test_asvs_6_6_3_of_twenty_wrong_codes_at_once_five_are_compared(student: Account, helpdesk: Account) -> None:
    give(student, helpdesk)
    answers = at_once([partial(answer, student, WRONG, f"browser-{number}") for number in range(20)])
    assert verdicts(answers) == ["locked"] * 15 + ["wrong"] * 5
    assert AccessPass.objects.get().failures == 5


def test_of_two_passes_given_at_once_the_second_is_refused(student: Account, helpdesk: Account) -> None:
    allow(helpdesk, "issue_access_pass")
    for _time in range(5):
        AccessPass.objects.all().delete()
        done = at_once([partial(act, helpdesk, student)] * 2)
        (given,) = [one for one in done if isinstance(one, ActionResult)]
        assert [type(one) for one in done].count(ActionRefused) == 1
        assert codes.matches_secret_code(given.secret, AccessPass.objects.get().digest)


def test_an_old_pass_and_a_new_one_at_once_do_each_other_no_harm(student: Account, helpdesk: Account) -> None:
    allow(helpdesk, "issue_access_pass")
    for _time in range(5):
        old = give(student, helpdesk)
        calls: list[Any] = [partial(answer, student, old), partial(act, helpdesk, student, True)]
        answered, done = at_once(calls)
        assert isinstance(done, ActionResult)
        # The old code is right before the change, gone during it, and wrong after it.
        assert verdicts([answered]) in (["right"], ["gone"], ["wrong"])
        assert codes.matches_secret_code(done.secret, AccessPass.objects.get().digest)
        assert AccessPass.objects.get().is_alive
