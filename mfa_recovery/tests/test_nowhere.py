"""ASVS 16.2.5: a recovery code appears once, on the page that shows it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from accounts.models import Account
from mfa_recovery.models import RecoveryCode, RecoveryDevice
from mfa_recovery.tests.helpers import PAGE, VERIFY, enter, press, shown
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser, Walk
from tests.helpers import staff_signed_in
from tests.test_code_is_nowhere import every_table


class WatchedBrowser(Browser):
    """A browser that keeps the headers, cookies and body of every response."""

    def __init__(self) -> None:
        super().__init__()
        self.responses: list[str] = []

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        response = super().request(**request)
        self.responses.append(f"{response.headers} {response.cookies} {response.content.decode()}")
        return response


@pytest.fixture
def _every_statement_is_logged() -> Iterator[None]:
    connection.force_debug_cursor = True
    yield
    connection.force_debug_cursor = False


@pytest.mark.usefixtures("_every_statement_is_logged")
def test_asvs_16_2_5_a_code_is_nowhere_but_on_the_page_that_shows_it(
    walk: Walk,
    another_walk: Walk,
    phone: SmsDevice,
    administrator: Account,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for logger in ("", "django", "django.db.backends", "mfa_recovery", "accounts"):
        caplog.set_level(logging.DEBUG, logger=logger)
    first, second = WatchedBrowser(), WatchedBrowser()
    walk.browser, another_walk.browser = first, second
    walk.signed_in(phone)
    made = shown(press(first))
    (showing,) = [text for text in first.responses if made[0] in text]
    first.responses.remove(showing)
    first.post(PAGE, {"sheet": "0"}, follow=True)
    walk.get(PAGE)
    another_walk.to_password(phone.user)
    enter(another_walk, made[0] + "K")
    enter(another_walk, made[0])
    enter(another_walk, made[0])
    another_walk.stay("yes")
    walk.get("/security-info/")
    tables = every_table()
    walk.browser.post("/sign-out/")
    staff_signed_in(walk, administrator)
    device = RecoveryDevice.objects.get()
    for path in ("", f"{device.pk}/change/", f"{device.pk}/history/"):
        assert walk.browser.get(f"/admin/mfa_recovery/recoverydevice/{path}").status_code == 200
    logs = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "mfa_recovery_recoverycode" in logs
    where = {"tables": tables, "logs": logs, "pages": "\n".join(first.responses + second.responses)}
    for code in made:
        for written in (code, code.replace("-", ""), code.lower(), code[:5] + "-"):
            assert [name for name, text in where.items() if written in text] == [], written
    for digest in RecoveryCode.objects.values_list("digest", flat=True):
        assert digest in tables
        assert digest not in where["pages"]


def test_the_admin_tells_how_many_codes_are_left(walk: Walk, phone: SmsDevice, administrator: Account) -> None:
    walk.signed_in(phone)
    made = shown(press(walk.browser))
    walk.browser.post("/sign-out/")
    walk.to_password(phone.user)
    enter(walk, made[0])
    walk.browser.post("/sign-out/")
    browser = staff_signed_in(walk, administrator)
    assert '<td class="field-codes_left">9</td>' in browser.get("/admin/mfa_recovery/recoverydevice/").content.decode()
    page = browser.get(f"/admin/mfa_recovery/recoverydevice/{RecoveryDevice.objects.get().pk}/change/")
    assert "field-codes_left" in page.content.decode()
    assert browser.get("/admin/mfa_recovery/recoverycode/").status_code == 404


def test_the_page_that_asks_has_no_address_with_a_code(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    code = shown(press(walk.browser))[0]
    walk.browser.post("/sign-out/")
    walk.to_password(phone.user)
    assert walk.browser.get(VERIFY, {"code": code}).status_code == 200
    assert RecoveryCode.objects.filter(used_at=None).count() == 10
