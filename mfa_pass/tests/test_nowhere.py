"""ASVS 16.2.5: an access pass appears once, on the page that shows it to the agent."""

import logging
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection

from accounts.models import Account
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import SAID, address, agent_signed_in, enter, shown
from mfa_recovery.tests.test_nowhere import WatchedBrowser
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk
from tests.test_code_is_nowhere import every_table


@pytest.fixture
def _every_statement_is_logged() -> Iterator[None]:
    connection.force_debug_cursor = True
    yield
    connection.force_debug_cursor = False


@pytest.mark.usefixtures("_every_statement_is_logged")
def test_asvs_16_2_5_a_pass_is_nowhere_but_on_the_page_that_shows_it(
    walk: Walk, another_walk: Walk, phone: SmsDevice, administrator: Account, caplog: pytest.LogCaptureFixture
) -> None:
    for logger in ("", "django", "django.db.backends", "mfa_pass", "accounts"):
        caplog.set_level(logging.DEBUG, logger=logger)
    desk, person = WatchedBrowser(), WatchedBrowser()
    walk.browser, another_walk.browser = person, desk
    agent_signed_in(another_walk, administrator)
    code = shown(desk.post(address(phone.user), SAID))
    (showing,) = [text for text in desk.responses if code in text]
    desk.responses.remove(showing)
    assert '<p class="helpdesk-secret"' not in "".join(desk.responses)
    walk.to_password(phone.user)
    enter(walk, f"{code}K")
    enter(walk, code)
    walk.get("/enroll/methods/")
    walk.get("/security-info/")
    given = AccessPass.objects.get()
    pages = (f"mfa_pass/accesspass/{path}" for path in ("", f"{given.pk}/change/", f"{given.pk}/history/"))
    for path in (*pages, f"accounts/account/{phone.user.pk}/change/", "audit/securityevent/"):
        assert desk.get(f"/admin/{path}").status_code == 200
    logs = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "mfa_pass_accesspass" in logs
    mails = "\n".join(f"{sent.subject} {sent.body}" for sent in mail.outbox)
    assert "access pass" in mails.lower() or "nødkode" in mails
    where = {"tables": every_table(), "logs": logs, "mails": mails}
    where["pages"] = "\n".join(desk.responses + person.responses)
    for written in (code, code.replace("-", ""), code.lower(), code.replace("-", " ")):
        assert [name for name, text in where.items() if written in text] == [], written
    assert given.digest in where["tables"]
    assert given.digest not in where["pages"]
