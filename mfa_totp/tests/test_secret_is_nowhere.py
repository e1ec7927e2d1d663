"""Only the enrollment page shows the secret, and only until the app is registered (ASVS 6.5.2, 14.2.4)."""

import json
import logging
from base64 import b32encode
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import (
    ENROLL,
    app_of,
    code_at,
    enrolled,
    page_of,
    post,
    signed_in,
    to_enrollment,
    wrong_code,
)
from sessions.models import Session
from sign_in import enrollment
from tests.fixtures import Walk
from tests.helpers import every_path, picture


def forms_of(key: bytes) -> list[str]:
    """Return the notations in which the secret could appear."""
    base32 = b32encode(key).decode()
    groups = " ".join(base32[start : start + 4] for start in range(0, len(base32), 4))
    return [key.hex(), base32, groups, base32.lower(), repr(key)[2:-1]]


def is_in(key: bytes, text: str) -> bool:
    return any(form in text for form in forms_of(key))


def test_before_it_is_proven_no_row_holds_it(walk: Walk, student: Account) -> None:
    with CaptureQueriesContext(connection) as captured:
        key = to_enrollment(walk, student)
        post(walk, ENROLL, code=wrong_code(AuthenticatorApp.with_key(key)))
    rows = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    assert rows
    assert not any(is_in(key, row) for row in rows)
    assert not is_in(key, repr(picture()))
    written = [query["sql"] for query in captured.captured_queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert written
    assert not any(is_in(key, sql) for sql in written)


def test_after_enrollment_no_page_shows_it(clock: Clock, walk: Walk, student: Account) -> None:
    device = enrolled(walk, student)
    assert walk.get(ENROLL).redirect_chain == [("/enroll/done/", 302)]
    assert post(walk, ENROLL, code="123456").redirect_chain == [("/enroll/done/", 302)]
    for signs_in in (False, True):
        if signs_in:
            clock.forward(30)
            signed_in(walk, device)
        for path in every_path().values():
            assert not is_in(device.bin_key, page_of(walk.get(path))), path


def test_no_browser_keeps_the_page(walk: Walk, student: Account) -> None:
    to_enrollment(walk, student)
    for response in (walk.get(ENROLL), post(walk, ENROLL, code="000000")):
        assert "no-store" in response["Cache-Control"]


def test_no_page_of_the_admin_shows_it(walk: Walk, administrator: Account, student: Account) -> None:
    device = app_of(student, name="Freja")
    signed_in(walk, app_of(administrator))
    for path in ("", f"{device.pk}/change/", f"{device.pk}/history/", "?q=stu123", "?key__startswith=a"):
        page = page_of(walk.get(f"/admin/mfa_totp/authenticatorapp/{path}"))
        assert not is_in(device.bin_key, page)
        assert "Freja" not in page
    assert "stu123" in page_of(walk.get("/admin/mfa_totp/authenticatorapp/"))
    for path in (f"{device.pk}/config/", f"{device.pk}/qrcode/"):
        assert not is_in(device.bin_key, page_of(walk.get(f"/admin/mfa_totp/authenticatorapp/{path}")))


def test_no_log_line_and_no_error_report_shows_it(
    walk: Walk, student: Account, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    key = to_enrollment(walk, student)
    caplog.clear()

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(enrollment, "confirmed", fail)
    walk.browser.raise_request_exception = False
    code = code_at(key)
    response = walk.browser.post(ENROLL, {"code": code})
    assert response.status_code == 500
    assert not is_in(key, page_of(response))
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert lines
    assert not any(is_in(key, line) or code in line for line in lines)
    assert not AuthenticatorApp.objects.exists()
