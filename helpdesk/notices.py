"""The notices about helpdesk actions to owners, and about requests and cases to leads."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import kinds as event_kinds
from audit.models import SecurityEvent
from helpdesk import events
from notices.kinds import NoticeKind, register


def _approval_text(event: SecurityEvent) -> str:
    text = _(
        "%(agent)s asks you to approve “%(action)s” for the account %(account)s. Log in to the admin and open "
        "Approvals."
    )
    return text % _words(event)


def _expired_text(event: SecurityEvent) -> str:
    text = _(
        "Nobody has answered whether %(agent)s may do “%(action)s” for the account %(account)s. The request has "
        "expired."
    )
    return text % _words(event)


def _case_text(event: SecurityEvent) -> str:
    text = _("Nobody has taken the case about the account %(account)s for an hour. Log in to the admin and open Cases.")
    return text % _words(event)


def _words(event: SecurityEvent) -> dict[str, str]:
    return {
        "agent": event.actor.get_full_name() if event.actor else "",
        "action": event_kinds.describe_reason(event),
        "account": event.account.username if event.account else "",
    }


HELPDESK_ACTION_PERFORMED = register(
    NoticeKind(
        "helpdesk_action_performed",
        gettext_lazy("IT Support changed your login"),
        event_kind=events.HELPDESK_ACTION_PERFORMED,
        subject=gettext_lazy("IT Support changed your login"),
        text=events.action_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy("IT Support changed your UCPH login. If you did not ask for this, call %(phone)s."),
        report_locks_device=True,
        by_helpdesk=True,
    )
)
# About what IT Support decides itself: the owner has not asked for it, so the mail does not ask.
HELPDESK_DECIDED = register(
    NoticeKind(
        "helpdesk_decided",
        gettext_lazy("IT Support changed your account"),
        event_kind=events.HELPDESK_ACTION_PERFORMED,
        subject=gettext_lazy("IT Support changed your account"),
        text=events.action_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy("IT Support changed your UCPH account. Read your email, or call %(phone)s."),
        is_reportable=False,
    )
)
APPROVAL_REQUESTED = register(
    NoticeKind(
        "approval_requested",
        gettext_lazy("A request waits for your approval"),
        event_kind=events.APPROVAL_REQUESTED,
        subject=gettext_lazy("A request waits for your approval"),
        text=_approval_text,
        is_reportable=False,
    )
)
APPROVAL_EXPIRED = register(
    NoticeKind(
        "approval_expired",
        gettext_lazy("Nobody has answered a request"),
        event_kind=events.APPROVAL_EXPIRED,
        subject=gettext_lazy("Nobody has answered a request"),
        text=_expired_text,
        is_reportable=False,
    )
)
CASE_WAITS = register(
    NoticeKind(
        "case_waits",
        gettext_lazy("Nobody has taken a case"),
        event_kind=events.CASE_WAITS,
        subject=gettext_lazy("Nobody has taken a case"),
        text=_case_text,
        is_reportable=False,
    )
)
