"""The emails to owners: the event, its time and origin, and what to do.

Numbers are masked. No link signs a user in.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from audit import kinds as event_kinds
from audit.models import SecurityEvent
from common import mails
from notices import compromise_reports, events, kinds
from notices.models import Notice


def write_mail(notice: Notice, address: str) -> EmailMessage:
    """Return the email to one address, in the language of the account. Reads the notice's account and event."""
    with translation.override(notice.account.language):
        kind = kinds.get_kind(notice.kind)
        context = {
            "account": notice.account,
            "what": kind.text(notice.event),
            "circumstances": _circumstances(notice.event),
            "security_info": reverse("sign_in:security_info"),
        }
        if kind.is_reportable:
            context |= {
                "link": compromise_reports.report_link(notice.event),
                "days": settings.REPORT_LINK_LIFE.days,
                "locks": compromise_reports.locks(notice.event),
                "by_helpdesk": kind.by_helpdesk,
            }
        return mails.compose_mail(str(kind.subject), "notices/mail.txt", context, address)


def _circumstances(event: SecurityEvent) -> list[str]:
    """Return the time and the client info of the event, one line each."""
    if event.kind == events.SECOND_FACTOR_MISSING:
        # This event is written some time later. The owner knows the time at which the password was entered.
        event = SecurityEvent.objects.filter(account=event.account, pk=int(event.detail or 0)).first() or event
    kind = event_kinds.find_kind(event.kind)
    if kind is not None and not kind.shows_client:
        return [mails.when_line(event.at)]
    return mails.circumstances(event.at, event.browser, event.address)
