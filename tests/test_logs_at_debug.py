"""ASVS 16.2.5: even at DEBUG, no flow logs a code, a token, a verifier, a key, a password or a number."""

import logging
import re
from base64 import b32encode
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import pytest
from django.core import mail
from django.db import connection
from time_machine import TimeMachineFixture

from accounts.models import Account
from kumfa.tests.log_stream import Lines, written
from mfa_pass.tests import helpers as passes
from mfa_recovery.tests import helpers as recovery
from mfa_sms.models import SmsDevice
from mfa_sms.tests.agents import Agent
from mfa_sms.tests.helpers import Clock
from mfa_totp.tests import helpers as app
from notices.tests.owners import body, report_path
from sign_in import password_reset
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import SECRET, VERIFIER, Service, challenge, register
from tests.fixtures import PASSWORD, Walk
from tests.helpers import is_signed_in

NUMBER = ("26123478", "26 12 34 78", "4526123478")
NEW_PASSWORD = "Kastanjer og paraplyer 17"


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Yield the whole log at DEBUG, including each SQL statement."""
    connection.force_debug_cursor = True
    with ExitStack() as stack:
        lines = stack.enter_context(written())
        for logger in ("django", "django.db.backends"):
            stack.callback(logging.getLogger(logger).setLevel, logging.getLogger(logger).level)
            logging.getLogger(logger).setLevel(logging.DEBUG)
        yield lines
    connection.force_debug_cursor = False


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> Clock:
    """Stop the clock, so that no fraction of a second looks like a code."""
    return Clock(time_machine)


def assert_nowhere(lines: Lines, secrets: Iterable[str]) -> None:
    """Check that the log has statements and requests, and none of the secrets."""
    assert any("INSERT INTO" in line["text"] for line in lines.of("django.db.backends"))
    secrets = [secret for secret in secrets if secret]
    assert secrets
    for secret in secrets:
        found = [line for line in lines() if secret in str({**line, "task_id": "", "time": ""})]
        assert found == [], secret


def test_asvs_16_2_5_enrollment_and_a_sign_in_by_sms(walk: Walk, student: Account, lines: Lines) -> None:
    device = walk.enrolled(student)
    walk.done()
    walk.send(device)
    walk.code("123451")
    walk.code()
    walk.stay("yes")
    assert len(walk.outbox.codes) == 2
    assert_nowhere(lines, (*walk.outbox.codes, "123451", PASSWORD, *NUMBER, str(walk.browser.session.session_key)))


def test_asvs_16_2_5_an_app(clock: Clock, walk: Walk, another_walk: Walk, student: Account, lines: Lines) -> None:
    device = app.enrolled(walk, student)
    code = app.code_of(device)
    clock.forward(app.STEP)
    wrong = app.wrong_code(device)
    app.to_code(another_walk, device)
    app.answer(another_walk, wrong)
    app.answer(another_walk, app.code_of(device))
    key = device.bin_key
    written_keys = (key.hex(), b32encode(key).decode(), repr(key)[2:-1])
    assert is_signed_in(another_walk.browser)
    assert_nowhere(lines, (code, wrong, app.code_of(device), *written_keys))


def test_asvs_16_2_5_recovery_codes(walk: Walk, another_walk: Walk, phone: SmsDevice, lines: Lines) -> None:
    walk.signed_in(phone)
    codes = recovery.shown(recovery.press(walk.browser))
    another_walk.to_password(phone.user)
    recovery.enter(another_walk, recovery.WRONG)
    recovery.enter(another_walk, codes[0])
    assert is_signed_in(another_walk.browser)
    assert_nowhere(lines, (*codes, *(code.replace("-", "") for code in codes)))


def test_asvs_16_2_5_an_access_pass_and_the_helpdesk(
    walk: Walk, another_walk: Walk, helpdesk: Account, phone: SmsDevice, lines: Lines
) -> None:
    browser = passes.agent_signed_in(walk, helpdesk)
    code = passes.shown(browser.post(passes.address(phone.user), passes.SAID))
    another_walk.to_password(phone.user)
    passes.enter(another_walk, passes.WRONG)
    passes.enter(another_walk, code)
    assert_nowhere(lines, (code, code.replace("-", ""), passes.WRONG, PASSWORD))


def test_asvs_16_2_5_an_agent_reads_and_registers_numbers(
    walk: Walk, helpdesk: Account, phone: SmsDevice, lines: Lines
) -> None:
    agent = Agent(walk, helpdesk)
    page = agent.does("full-number", phone.user, device=str(phone.pk), note="Asked on the phone")
    assert NUMBER[1] in page.content.decode()
    agent.browser.get("/admin/accounts/account/", {"q": "26123478"})
    agent.does("register-number", helpdesk, country="DK", number="26 12 34 99")
    assert_nowhere(lines, (*NUMBER, "26123499", "26 12 34 99"))


@pytest.mark.django_db(transaction=True)
def test_asvs_16_2_5_a_reset_and_a_report(walk: Walk, phone: SmsDevice, lines: Lines) -> None:
    walk.browser.post("/password/forgotten/", {"account_name": str(phone.user.account_name)})
    password_reset.send_due_resets()
    (path,) = re.findall(r"^https?://[^/\s]+(/password/new/\S+/)$", body(), re.MULTILINE)
    form = walk.get(path).redirect_chain[-1][0]
    walk.browser.post(form, {"new_password1": "short-one-1", "new_password2": "short-one-1"})
    walk.browser.post(form, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    report = report_path(body())
    walk.get(report)
    walk.browser.post(report)
    token = path.rstrip("/").rpartition("/")[2]
    assert mail.outbox[-1].subject
    assert_nowhere(lines, (token, report.rstrip("/").rpartition("/")[2], NEW_PASSWORD, "short-one-1", *NUMBER))


def test_asvs_16_2_5_codes_and_tokens_of_services(walk: Walk, phone: SmsDevice, lines: Lines) -> None:
    keys.rotate(SigningKey.Use.OIDC)
    service: Service = register()
    walk.signed_in(phone)
    code = service.code(walk.browser)
    first = service.change(code).json()
    second = service.refresh(first["refresh_token"]).json()
    service.userinfo(second["access_token"])
    service.change(code)
    service.refresh(first["refresh_token"])
    spoiled = service.code(walk.browser)
    service.change(spoiled, code_verifier="w" * 64)
    service.post(grant_type="authorization_code", code=spoiled, client_secret="a wrong secret")
    tokens = [answer[name] for answer in (first, second) for name in ("access_token", "refresh_token", "id_token")]
    secrets = (code, spoiled, *tokens, SECRET, VERIFIER, "w" * 64, "a wrong secret", challenge())
    assert_nowhere(lines, secrets)


def test_no_logger_of_a_library_that_handles_secrets_is_at_debug() -> None:
    for name in ("oauthlib", "oauth2_provider", "httpx", "httpcore", "urllib3", "kombu", "amqp", "celery", "redis"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), name


@pytest.mark.parametrize(
    "line",
    [
        "Created authorization code grant {'code': 'MFlCqE8VaaaaSECRET'}",
        "Validating refresh token SECRETiZhaEpLJ9aaaaaaaaaaaa for client <Client>",
        "refresh_token=SECRETiZhaEpLJ9 grant_type=refresh_token",
        'body {"id_token": "SECRET.eyJ.abc", "expires_in": 3600}',
        "code_verifier=SECRETvvvvvvvvvv",
        "client_secret: SECRETvvvvvvvvvv",
        "token SECRET.eyJhbGciOi.abc was refused",
        "got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.U0VDUkVUc2lnbmF0dXJl",
    ],
)
def test_what_a_library_would_say_is_masked_too(line: str) -> None:
    with written("some.library") as lines:
        logging.getLogger("some.library").debug(line)
    (said,) = lines()
    assert "SECRET" not in said["text"]
    assert "U0VDUkVU" not in said["text"]
