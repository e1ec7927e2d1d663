"""Every email to a person: a text and an HTML part with the same words, the same headers, and the same ending."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.log import write_event
from campaigns import reminder_mails
from campaigns.models import Reminder
from campaigns.tests.campaigns import campaign
from common.client_info import ClientInfo
from helpdesk import notices as helpdesk_notices
from notices import mailing, own_notices
from notices.kinds import NoticeKind
from notices.models import Notice
from sign_in import password_reset
from tests.fixtures import Walk

pytestmark = pytest.mark.django_db


def notice_of_password(walk: Walk, account: Account) -> None:
    send_notice(account, own_notices.PASSWORD_CHANGED)


def notice_of_helpdesk(walk: Walk, account: Account) -> None:
    send_notice(account, helpdesk_notices.HELPDESK_ACTION_PERFORMED)


def send_notice(account: Account, kind: NoticeKind) -> None:
    event = write_event(kind.event_kind, ClientInfo(), account)
    notice, _made = Notice.objects.get_or_create(account=account, event=event, kind=kind)
    mailing.send_notice(notice.pk)


def reset(walk: Walk, account: Account) -> None:
    walk.browser.post(reverse("sign_in:password_forgotten"), {"account_name": str(account.account_name)})
    password_reset.send_due_resets()


def reminder(walk: Walk, account: Account) -> None:
    now = timezone.now()
    running = campaign(opens_at=now - timedelta(days=30), deadline=now + timedelta(days=7), remind_days="")
    reminder_mails.send_reminder(Reminder.objects.create(campaign=running, days_before=7, created_at=now).pk)


MAILS = [notice_of_password, notice_of_helpdesk, reset, reminder]


@pytest.fixture(params=MAILS, ids=lambda make: make.__name__)
def message(request: pytest.FixtureRequest, walk: Walk, student: Account, settings: Settings) -> EmailMultiAlternatives:
    """Return each email in turn."""
    settings.SUPPORT_HOURS = "mon-thu 08:00-16:00"
    make: Callable[[Walk, Account], None] = request.param
    make(walk, student)
    sent: EmailMessage = mail.outbox[-1]
    assert isinstance(sent, EmailMultiAlternatives)
    return sent


def html_of(message: EmailMultiAlternatives) -> str:
    [(content, kind)] = message.alternatives
    assert kind == "text/html"
    return str(content)


def words(text: str) -> list[str]:
    return text.split()


def test_both_parts_have_the_same_words(message: EmailMultiAlternatives) -> None:
    body = html_of(message).partition("<body>")[2]
    assert words(unescape(re.sub(r"<[^>]+>", " ", body))) == words(str(message.body))
    assert 'lang="da"' in html_of(message)


def test_nothing_is_loaded_and_every_link_shows_where_it_leads(message: EmailMultiAlternatives) -> None:
    html = html_of(message)
    assert not re.search(r"<(img|script|link|iframe)|url\(", html)
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', html)
    assert len(links) == html.count("<a") == 1
    assert links[0][0] == links[0][1]
    assert links[0][0].startswith(f"{settings.PORTAL_URL}/")


def test_machines_are_told_not_to_answer(message: EmailMultiAlternatives) -> None:
    assert message.message()["Auto-Submitted"] == "auto-generated"


def test_it_can_be_done_without_the_link(message: EmailMultiAlternatives) -> None:
    assert settings.PORTAL_HOST in str(message.body).replace(settings.PORTAL_URL, "")


def test_it_ends_with_who_wrote_it_and_when_they_answer(message: EmailMultiAlternatives) -> None:
    *_before, greeting, sender, phone, hours = str(message.body).strip().splitlines()
    with translation.override("da"):
        assert (greeting, sender) == (_("Kind regards"), _("IT Support, University of Copenhagen"))
        assert phone == f"{_('Phone:')} 35 32 32 32"
    assert hours == "Mandag-torsdag kl. 08.00-16.00"


def test_a_name_brings_no_markup_and_no_link(walk: Walk, student: Account) -> None:
    student.first_name = "<b>Freja</b>\n\nhttps://evil.example/"
    student.save(update_fields=["first_name"])
    reset(walk, student)
    sent = mail.outbox[-1]
    assert isinstance(sent, EmailMultiAlternatives)
    assert "<b>" not in html_of(sent)
    assert 'href="https://evil' not in html_of(sent)
