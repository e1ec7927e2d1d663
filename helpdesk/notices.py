"""The notice about a helpdesk action."""

from django.utils.translation import gettext_lazy as _

from helpdesk import events
from notices.kinds import NoticeKind, register

HELPDESK_ACTION_PERFORMED = register(
    NoticeKind(
        "helpdesk_action_performed",
        _("IT Support changed your login"),
        event_kind=events.HELPDESK_ACTION_PERFORMED,
        subject=_("IT Support changed your login"),
        text=events.action_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=_("IT Support changed your UCPH login. If you did not ask for this, call %(phone)s."),
        report_locks_device=True,
        by_helpdesk=True,
    )
)
