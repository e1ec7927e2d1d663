"""The emails to owners: the event, its time and origin, and what to do.

Numbers are masked. No link signs a user in.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from audit import kinds as event_kinds
from audit.models import SecurityEvent
from common import browser_names, languages
from common.clock import day_and_clock
from notices import compromise_reports, events, kinds
from notices.models import Notice


def write_mail(notice: Notice) -> tuple[str, str]:
    """Return the subject and the body, in the language of the account. Reads the notice's account and event."""
    with translation.override(notice.account.language):
        kind = kinds.get_kind(notice.kind)
        context = {
            "account": notice.account,
            "what": kind.text(notice.event),
            "circumstances": _circumstances(notice.event),
            "support_phone": languages.support_phone(),
        }
        if kind.is_reportable:
            context |= {
                "link": compromise_reports.report_link(notice.event),
                "days": settings.REPORT_LINK_LIFE.days,
                "locks": compromise_reports.locks(notice.event),
                "by_helpdesk": kind.by_helpdesk,
            }
        return str(kind.subject), render_to_string("notices/mail.txt", context)


def _circumstances(event: SecurityEvent) -> list[str]:
    """Return the time and the client info of the event, one line each."""
    if event.kind == events.SECOND_FACTOR_MISSING:
        # This event is written some time later. The owner knows the time at which the password was entered.
        event = SecurityEvent.objects.filter(account=event.account, pk=int(event.detail or 0)).first() or event
    time = _("Time: %(time)s") % {"time": day_and_clock(event.at)}
    kind = event_kinds.find_kind(event.kind)
    if kind is not None and not kind.shows_client:
        return [time]
    lines = [
        time,
        # Translators: %(browser)s is "Firefox, Windows".
        _("From: %(browser)s") % {"browser": browser_names.describe_browser(event.browser)},
    ]
    if event.address:
        lines.append(_("IP address: %(address)s") % {"address": event.address})
    return lines
