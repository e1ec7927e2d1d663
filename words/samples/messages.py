"""Every mail and every text message."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.clock import day
from common.mails import circumstances, compose_mail
from common.root_urls import root_path
from mfa_sms import texts
from mfa_sms.budgets import LONGEST_HOST
from mfa_sms.models import Purpose
from notices import kinds
from notices.kinds import NoticeKind
from notices.models import Notice
from notices.texts import write_mail
from words.samples import fixtures
from words.samples.base import Sample

_LINK = "https://login.example.org/…"


def mails() -> list[Sample]:
    """Return the mail of each kind of notice, the link for a new password, and the reminder of a campaign."""
    found = [_notice(kind) for kind in kinds.all_kinds()]
    return [
        *found,
        Sample("mail-new-password", "new password", _new_password),
        Sample("mail-reminder", "reminder", _reminder),
    ]


def _notice(kind: NoticeKind) -> Sample:
    def write(_request: HttpRequest, language: str) -> str:
        event = fixtures.event(kind.event_kind, language)
        mail = write_mail(Notice(account=event.account, event=event, kind=str(kind)), "abc123@example.org")
        return f"{mail.subject}\n\n{mail.body}"

    return Sample(f"mail-{str(kind).replace('_', '-')}", str(kind).replace("_", " "), write)


def _new_password(_request: HttpRequest, language: str) -> str:
    context = {
        "account": fixtures.account(language),
        "link": _LINK,
        "circumstances": circumstances(fixtures.NOW, "Firefox, Windows", "192.0.2.7"),
        "security_info": root_path("sign_in:security_info"),
    }
    return _as_text(_("New password for your UCPH account"), "sign_in/mail/password_reset.txt", context)


def _reminder(_request: HttpRequest, language: str) -> str:
    deadline = day(fixtures.NOW)
    context = {
        "account": fixtures.account(language),
        "text": "",
        "deadline": deadline,
        "link": _LINK,
        "help_page": root_path("sign_in:help"),
    }
    subject = _("Set up two-factor login by %(day)s") % {"day": deadline}
    return _as_text(subject, "campaigns/reminder.txt", context)


def _as_text(subject: str, template: str, context: Mapping[str, Any]) -> str:
    mail = compose_mail(subject, template, context, "abc123@example.org")
    return f"{mail.subject}\n\n{mail.body}"


def text_messages() -> list[Sample]:
    """Return the text message of each purpose, of each notice that has one, and of a test."""
    found = [_code(purpose) for purpose in Purpose]
    found += [_sms_notice(name) for name in texts.notice_texts()]
    return [*found, Sample("sms-test", "test", lambda _request, language: texts.compose_test(language), sms="notice")]


def _code(purpose: Purpose) -> Sample:
    def write(_request: HttpRequest, language: str) -> str:
        return texts.compose(purpose, language, "000000", "h" * LONGEST_HOST)

    # No browser fills in the code of a caller, so its text may be as long as a notice.
    kind = "notice" if purpose == Purpose.CALLER else "code"
    return Sample(f"sms-{purpose.value.replace('_', '-')}", purpose.value.replace("_", " "), write, sms=kind)


def _sms_notice(name: str) -> Sample:
    def write(_request: HttpRequest, language: str) -> str:
        return texts.compose_notice(texts.notice_texts()[name], language)

    return Sample(f"sms-{name.replace('_', '-')}", name.replace("_", " "), write, sms="notice")
