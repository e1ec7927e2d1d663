"""Every mail and every text message."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import languages
from common.clock import day
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
        subject, body = write_mail(Notice(account=event.account, event=event, kind=str(kind)))
        return f"{subject}\n\n{body}"

    return Sample(f"mail-{str(kind).replace('_', '-')}", str(kind).replace("_", " "), write)


def _new_password(_request: HttpRequest, language: str) -> str:
    context = {"account": fixtures.account(language), "link": _LINK, "support_phone": languages.support_phone()}
    return (
        f"{_('New password for your UCPH account')}\n\n{render_to_string('sign_in/mail/password_reset.txt', context)}"
    )


def _reminder(_request: HttpRequest, language: str) -> str:
    deadline = day(fixtures.NOW)
    context = {
        "account": fixtures.account(language),
        "text": "",
        "deadline": deadline,
        "link": _LINK,
        "support_phone": languages.support_phone(),
    }
    subject = _("Set up two-factor login by %(day)s") % {"day": deadline}
    return f"{subject}\n\n{render_to_string('campaigns/reminder.txt', context)}"


def text_messages() -> list[Sample]:
    """Return the text message of each purpose, of each notice that has one, and of a test."""
    found = [_code(purpose) for purpose in Purpose]
    found += [_sms_notice(name) for name in texts.notice_texts()]
    return [*found, Sample("sms-test", "test", lambda _request, language: texts.compose_test(language), sms="notice")]


def _code(purpose: Purpose) -> Sample:
    def write(_request: HttpRequest, language: str) -> str:
        return texts.compose(purpose, language, "000000", "h" * LONGEST_HOST)

    return Sample(f"sms-{purpose.value.replace('_', '-')}", purpose.value.replace("_", " "), write, sms="code")


def _sms_notice(name: str) -> Sample:
    def write(_request: HttpRequest, language: str) -> str:
        return texts.compose_notice(texts.notice_texts()[name], language)

    return Sample(f"sms-{name.replace('_', '-')}", name.replace("_", " "), write, sms="notice")
