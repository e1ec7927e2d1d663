"""Rules for every template and form: no inline script or style, and no validation in the browser."""

import re
from pathlib import Path

import pytest
from django import forms

from accounts.models import Account
from demo.forms import StaticCodeForm
from kumfa.settings import BASE_DIR
from mfa_pass.forms import AccessPassForm
from mfa_recovery.forms import RecoveryCodeForm
from mfa_sms.forms import PhoneForm, SmsCodeForm
from mfa_totp.forms import AppCodeForm, EnrollmentForm
from sign_in.forms import AccountNameForm, NewPasswordForm, PasswordForm

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    # The page for status 500 loads no stylesheet. Its policy allows its own by hash. An email can load none.
    assert path.name in ("500.html", "mail.html") or "<style" not in text
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_loads_anything_from_another_host(path: Path) -> None:
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=\"(https?:)?//", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_is_posted_has_a_token_and_is_judged_by_the_server(path: Path) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
        # A form that posts to another party contains no CSRF token of ours: the other party would learn it.
        assert ("{% csrf_token %}" in form) == ('action="{{ answer.url }}"' not in form)
        assert "_fields.html" not in form or "novalidate" in form


@pytest.mark.parametrize(
    "form",
    [
        AccountNameForm(),
        PasswordForm(),
        NewPasswordForm(Account(username="stu123")),
        SmsCodeForm(),
        PhoneForm(),
        StaticCodeForm(),
        AppCodeForm(),
        EnrollmentForm(),
        RecoveryCodeForm(),
        AccessPassForm(),
    ],
    ids=lambda form: type(form).__name__,
)
def test_no_field_is_judged_or_cut_by_the_browser(form: forms.BaseForm) -> None:
    for field in form:
        html = str(field)
        assert not re.search(r"\s(required|maxlength|minlength|pattern)\b", html), html
        assert 'type="number"' not in html


@pytest.mark.parametrize("form", [SmsCodeForm, AppCodeForm, EnrollmentForm])
def test_the_code_has_one_field_that_phones_can_fill(form: type[forms.Form]) -> None:
    html = str(form()["code"])
    assert 'type="text"' in html
    assert 'inputmode="numeric"' in html
    assert 'autocomplete="one-time-code"' in html
