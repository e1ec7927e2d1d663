"""Every page of the sign-in, in each of its states. The contexts are those of the views, built from fixtures."""

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from accounts.models import Account
from common.forms import PortalForm
from mfa_pass.forms import AccessPassForm
from mfa_recovery.forms import RecoveryCodeForm
from mfa_sms.delivery_status import DeliveryStatus, status_text
from mfa_sms.forms import PhoneForm, SmsCodeForm
from mfa_sms.method import METHOD as SMS
from mfa_totp.forms import AppCodeForm, EnrollmentForm
from mfa_totp.keys import Secret
from sign_in import help_page, methods, statements
from sign_in.forms import AccountNameForm, NewPasswordForm, PasswordForm
from sign_in.methods.forms import DeviceNameForm
from sign_in.postponing import PostponementOffer
from sso.entra import refusals
from words.samples import fixtures
from words.samples.base import Sample, page

_NAME = "abc123@alumni.ku.dk"
_SERVICE = {"service": "Webmail", "service_until": "14:15"}
_CHECK: dict[str, Any] = {"puzzle": "{}", "opens": "14:06", "has_error": True}
_CODE = {"expires": "14:15", "last_two": "78", "expires_at": fixtures.NOW}


def samples() -> list[Sample]:
    """Return the pages in the order in which people meet them."""
    return [*_sign_in(), *_passwords(), *_enrollment(), *_codes(), *_security_info(), *_services(), *_others()]


def _with(form: type[PortalForm], *, wrong: bool = False, **context: Any) -> dict[str, Any]:
    return {"form": form({} if wrong else None), "account_name": _NAME, **_SERVICE, **context}


def _sign_in() -> list[Sample]:
    return [
        page("sign-in", "sign_in/account_name.html", lambda: _with(AccountNameForm)),
        page("sign-in-empty", "sign_in/account_name.html", lambda: _with(AccountNameForm, wrong=True)),
        page("sign-in-human-check", "sign_in/account_name.html", lambda: _with(AccountNameForm, **_CHECK)),
        page("password", "sign_in/password.html", lambda: _with(PasswordForm)),
        page("password-empty", "sign_in/password.html", lambda: _with(PasswordForm, wrong=True)),
        page("verify", "sign_in/verify.html", _verify),
        page("verify-step-up", "sign_in/verify.html", lambda: {**_verify(), "stepping_up": True}),
        page("verify-forbidden", "sign_in/verify.html", lambda: {**_verify(), "forbidden": True}),
        page("stay", "sign_in/remember_me.html", lambda: {"days": 30}),
        page("sign-out", "sign_in/sign_out.html", signed_in=True),
        page("signed-out", "sign_in/signed_out.html"),
    ]


def _verify() -> dict[str, Any]:
    others = [fixtures.app(), fixtures.recovery_codes(), fixtures.access_pass()]
    return {"first": fixtures.phone(), "others": others, "unused": others[:1], "account_name": _NAME, **_SERVICE}


def _passwords() -> list[Sample]:
    return [
        page("password-forgotten", "sign_in/password_forgotten.html", lambda: _with(AccountNameForm)),
        page("password-sent", "sign_in/password_sent.html", lambda: {"mails": 3}),
        page("password-new", "sign_in/password_new.html", lambda: _new_password(None)),
        page("password-new-empty", "sign_in/password_new.html", lambda: _new_password({})),
        page("password-new-link-dead", "sign_in/password_new.html", lambda: {"validlink": False}),
        page("password-changed", "sign_in/password_changed.html"),
        page("password-too-old", "sign_in/password_too_old.html", lambda: {"days": 365}),
    ]


def _new_password(data: dict[str, str] | None) -> dict[str, Any]:
    return {"validlink": True, "form": NewPasswordForm(fixtures.account(), data)}


def _enrollment() -> list[Sample]:
    return [
        page("enroll", "sign_in/enroll.html", _enroll),
        page("enroll-not-now", "sign_in/enroll.html", lambda: {**_enroll(), "postponement": _postponement()}),
        page(
            "enroll-not-now-last",
            "sign_in/enroll.html",
            lambda: {**_enroll(), "postponement": _postponement(last=True)},
        ),
        page(
            "enroll-not-now-over",
            "sign_in/enroll.html",
            lambda: {**_enroll(), "postponement": _postponement(allowed=False)},
        ),
        page("enroll-replace", "sign_in/enroll.html", lambda: {**_enroll(), "replaces_forbidden": True}),
        page("not-now", "campaigns/not_now.html", lambda: _not_now(by_deadline=False)),
        page("not-now-by-deadline", "campaigns/not_now.html", lambda: _not_now(by_deadline=True)),
        page("not-now-over", "campaigns/not_now.html"),
        page("enroll-methods", "sign_in/enroll_methods.html", lambda: {"methods": _enrollable(), **_SERVICE}),
        page("enroll-app", "mfa_totp/enroll.html", lambda: _with(EnrollmentForm, **_secret())),
        page("enroll-app-empty", "mfa_totp/enroll.html", lambda: _with(EnrollmentForm, wrong=True, **_secret())),
        page("enroll-phone", "mfa_sms/phone.html", lambda: _with(PhoneForm, risk=SMS.risk, has_choice=True)),
        page("enroll-phone-empty", "mfa_sms/phone.html", lambda: _with(PhoneForm, wrong=True, risk=SMS.risk)),
        page("enroll-phone-registered", "mfa_sms/phone_registered.html", _registered),
        page("enroll-phone-check", "mfa_sms/phone_check.html", lambda: {**_CHECK, "entered": True, "has_error": False}),
        page("enroll-phone-check-early", "mfa_sms/phone_check.html", lambda: {**_CHECK, "too_early": True}),
        *[
            page(f"enrolled-{method}", "sign_in/enrolled.html", lambda method=method: _enrolled(method))  # type: ignore[misc]
            for method in ("mfa_sms", "mfa_totp")
        ],
    ]


def _enroll() -> dict[str, Any]:
    return {"account_name": _NAME, "methods": _enrollable(), "onward": "/", **_SERVICE}


def _postponement(*, last: bool = False, allowed: bool = True) -> PostponementOffer:
    return PostponementOffer(text="", deadline=fixtures.NOW, url="/", is_allowed=allowed, left=1 if last else 2)


def _not_now(*, by_deadline: bool) -> dict[str, Any]:
    until = fixtures.NOW + timedelta(days=3)
    return {
        "until": until,
        "by_deadline": by_deadline,
        "service": "https://webmail.ku.dk/",
        "service_host": "webmail.ku.dk",
    }


def _enrollable() -> list[methods.Method]:
    return [method for method in methods.all_methods() if method.enrollment_url and not method.backup]


def _secret() -> dict[str, Any]:
    return {"secret": Secret(b"\0" * 20, _NAME), "issuer": "KU-login", "has_choice": True}


def _registered() -> dict[str, Any]:
    return {"words": SMS.prompt(fixtures.phone().device), "risk": SMS.risk, "has_choice": True}


def _enrolled(slug: str) -> dict[str, Any]:
    return {
        "method": methods.by_slug(slug),
        "verifies": slug == "mfa_sms",
        "backups": [methods.by_slug("mfa_recovery")],
    }


def _codes() -> list[Sample]:
    """Return the pages that ask for a code: as they open, empty, and in each state of the text message."""
    found = []
    for slug, template in (("code", "mfa_sms/code.html"), ("enroll-code", "mfa_sms/enroll_code.html")):
        found += [
            page(slug, template, lambda: _sms_code(DeliveryStatus.SENT)),
            page(f"{slug}-empty", template, lambda: _sms_code(DeliveryStatus.SENT, wrong=True)),
            page(f"{slug}-waits", template, lambda: _sms_code(DeliveryStatus.WAITS, waits=True)),
            page(f"{slug}-failed", template, lambda: _sms_code(DeliveryStatus.UNREACHABLE, failed=True)),
            page(f"{slug}-entered", template, lambda: _sms_code(DeliveryStatus.SENT, full_number="+45 26 12 34 78")),
            page(f"{slug}-dead", template, lambda: _sms_code(DeliveryStatus.SENT, dead=True)),
        ]
    device = fixtures.app().device
    return [
        *found,
        page("app-code", "mfa_totp/code.html", lambda: _with(AppCodeForm, device=device)),
        page("app-code-empty", "mfa_totp/code.html", lambda: _with(AppCodeForm, wrong=True, device=device)),
        page("recovery-code", "mfa_recovery/verify.html", lambda: _with(RecoveryCodeForm)),
        page("recovery-code-empty", "mfa_recovery/verify.html", lambda: _with(RecoveryCodeForm, wrong=True)),
        page("access-pass", "mfa_pass/verify.html", lambda: _with(AccessPassForm)),
        page("access-pass-empty", "mfa_pass/verify.html", lambda: _with(AccessPassForm, wrong=True)),
    ]


def _sms_code(status: DeliveryStatus, *, wrong: bool = False, **context: Any) -> dict[str, Any]:
    return _with(SmsCodeForm, wrong=wrong, **_CODE, status=status_text(status), **context)


def _security_info() -> list[Sample]:
    option = {"option": fixtures.phone()}
    name = {"form": DeviceNameForm(), **option}
    sheet = SimpleNamespace(total=10, left=3, number=1)
    return [
        page("security-info", "sign_in/security_info.html", _overview, signed_in=True),
        page(
            "security-info-nothing",
            "sign_in/security_info.html",
            lambda: {"account": fixtures.account()},
            signed_in=True,
        ),
        page(
            "activity",
            "sign_in/activity.html",
            lambda: {"page": {"has_other_pages": True, "has_next": True}},
            signed_in=True,
        ),
        page("device-add", "sign_in/device_add.html", signed_in=True),
        page("device-change", "sign_in/device_change.html", lambda: option, signed_in=True),
        page("device-first", "sign_in/device_first.html", lambda: option, signed_in=True),
        page("device-name", "sign_in/device_name.html", lambda: name, signed_in=True),
        page("device-remove", "sign_in/device_remove.html", lambda: option, signed_in=True),
        page("security-changed", "sign_in/security_changed.html", signed_in=True),
        page("end-other-sessions", "sign_in/end_other_sessions.html", signed_in=True),
        page("recovery-codes", "mfa_recovery/make.html", lambda: {"sheet": sheet, "onward": "/"}, signed_in=True),
        page(
            "recovery-codes-none",
            "mfa_recovery/make.html",
            lambda: {"sheet": {"total": 0}, "onward": "/"},
            signed_in=True,
        ),
        page("recovery-codes-made", "mfa_recovery/codes.html", _made, signed_in=True),
    ]


def _overview() -> dict[str, Any]:
    rows = [
        {"option": one, "removable": True, "unused": number}
        for number, one in enumerate((fixtures.phone(), fixtures.app()))
    ]
    backups: list[dict[str, Any]] = [{"method": methods.by_slug("mfa_recovery"), "option": None}]
    backups.append({"method": methods.by_slug("mfa_recovery"), "option": fixtures.recovery_codes()})
    opened = SimpleNamespace(
        id=0, signed_in_at=fixtures.NOW, seen_at=fixtures.NOW, address="130.225.1.2", is_remembered=True
    )
    sessions = [{"browser": "Firefox, Windows", "is_this": this, "open": opened} for this in (True, False)]
    account: Account = fixtures.account()
    return {"account": account, "rows": rows, "has_choice": True, "backups": backups, "sessions": sessions}


def _made() -> dict[str, Any]:
    return {"made": {"codes": ["ABCDE-FGHJK-LMNPQ"] * 10}, "made_at": fixtures.NOW, "onward": "/"}


def _services() -> list[Sample]:
    client = fixtures.service()
    who = SimpleNamespace(account_name=_NAME)
    unserved = [
        page(f"entra-unserved-{why.replace('_', '-')}", "sso/entra/unserved.html", partial(_unserved, why))
        for why in refusals.Unserved
    ]
    return [
        page(
            "consent",
            "sso/consent.html",
            lambda: {"client": client, "account": who, "scopes": ["profile", "email"]},
            signed_in=True,
        ),
        page(
            "somebody-else",
            "sso/somebody_else.html",
            lambda: {"client": client, "name": _NAME, "go_on": "/"},
            signed_in=True,
        ),
        page("service-logout", "sso/logout.html", lambda: {"client": client}, signed_in=True),
        page("service-logout-unknown", "sso/logout.html", signed_in=True),
        *_on_the_way_back(client),
        page("entra-answer", "sso/entra/answer.html", lambda: {"answer": {"url": "/", "fields": {}}}),
        *unserved,
    ]


def _on_the_way_back(client: SimpleNamespace) -> list[Sample]:
    for_students = fixtures.service(employees=False)
    return [
        page("service-onward", "sso/onward.html", lambda: {"url": "/", "service": "Webmail"}),
        page("service-form", "sso/form.html", lambda: {"answer": {"url": "/", "fields": {}}, "service": "Webmail"}),
        page("service-not-admitted", "sso/not_admitted.html", lambda: {"client": client, "name": _NAME}),
        page("service-not-admitted-students", "sso/not_admitted.html", lambda: {"client": for_students, "name": _NAME}),
        page("service-too-weak", "sso/too_weak.html", lambda: {"client": client, "again": "/", "can_enroll": True}),
        page("service-too-weak-nothing", "sso/too_weak.html", lambda: {"client": client}),
    ]


def _unserved(why: str) -> dict[str, Any]:
    return {"problem": refusals.unserved(why), "request_id": "8a2f"}


def _others() -> list[Sample]:
    told = SimpleNamespace(reference="K7F3-92")
    reports = [
        page(
            f"report-{'told' if done else 'ask'}{'-helpdesk' if helpdesk else ''}",
            "notices/report.html",
            lambda done=done, helpdesk=helpdesk: _report(told if done else None, by_helpdesk=helpdesk),  # type: ignore[misc]
        )
        for done in (False, True)
        for helpdesk in (False, True)
    ]
    return [
        *reports,
        page("help", "sign_in/help.html", help_page.context),
        page("privacy", "sign_in/privacy.html", statements.privacy),
        page("accessibility", "sign_in/accessibility.html", statements.accessibility),
    ]


def _report(told: SimpleNamespace | None, *, by_helpdesk: bool) -> dict[str, Any]:
    report = {"told": told, "by_helpdesk": by_helpdesk, "locks": True, "has_locked": True, "what": "…"}
    return {"report": report, "at": "14:05"}
