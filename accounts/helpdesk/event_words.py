"""What agents read where an event keeps a code: reasons and details in words."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import methods
from accounts.helpdesk import registry
from accounts.models import SecurityEvent
from accounts.models.helpdesk import Approval

Kind = SecurityEvent.Kind

# By reason, and where one reason means different things, by kind and reason. What is unknown is shown as it is.
_REASONS: dict[str, str | Promise] = {
    "wrong": gettext_lazy("Wrong code"),
    "password_refused.wrong": gettext_lazy("Wrong password"),
    "unknown": gettext_lazy("No such username"),
    "password_refused.disabled": gettext_lazy("The account is deactivated"),
    "disabled": gettext_lazy("The login method was locked"),
    "wrong_domain": gettext_lazy("Right password, but the wrong domain after the username"),
    "too_old": gettext_lazy("Right password, but too old"),
    "locked": gettext_lazy("The login method was locked"),
    "expired": gettext_lazy("The code had expired"),
    "exhausted": gettext_lazy("Too many wrong codes: a new one is needed"),
    "used": gettext_lazy("The code had been used before"),
    "gone": gettext_lazy("There is no valid access pass"),
    "no_codes": gettext_lazy("There are no recovery codes left"),
    "no_challenge": gettext_lazy("No code had been asked for"),
    "shared": gettext_lazy("The number is on too many accounts"),
    "code_not_sent.wait": gettext_lazy("Asked for again too soon"),
    "code_not_sent.half_hour": gettext_lazy("Too many messages in half an hour"),
    "code_not_sent.day": gettext_lazy("Too many messages in a day"),
}


def reason(event: SecurityEvent) -> str:
    """Return an event's reason in words, the reason itself where none are known, empty where it has none."""
    if event.kind in (Kind.AGENT_ACTED, Kind.APPROVAL_ASKED, Kind.APPROVAL_DECIDED):
        action = registry.by_slug(event.reason)
        return str(action.verb) if action else event.reason
    if event.kind == Kind.REPORTED and event.reason in Kind.values:
        return str(Kind(event.reason).label)
    words = _REASONS.get(f"{event.kind}.{event.reason}", _REASONS.get(event.reason, event.reason))
    return str(words)


def detail(event: SecurityEvent) -> str:
    """Return an event's detail as a sentence where it is one of a device or an answer, else as it is."""
    words = _DETAILS.get(event.kind)
    return words(event) if words and event.detail else event.detail


def method(event: SecurityEvent) -> str:
    """Return the name of the method that the event is about, empty where it is about none."""
    return next((str(one.label) for one in methods.all_methods() if one.owns(event.method)), event.method)


def line(event: SecurityEvent) -> str:
    """Return all that an agent needs to know besides what happened, when, and by whom."""
    return " · ".join(filter(None, (method(event), reason(event), detail(event))))


def _old(event: SecurityEvent) -> str:
    # Translators: %(device)s is what tells a login method from others, "+45 •• •• •• 78".
    return _("the old one was %(device)s") % {"device": event.detail}


def _left(event: SecurityEvent) -> str:
    # Translators: how many recovery codes are left.
    return _("%(count)s left") % {"count": event.detail}


def _answer(event: SecurityEvent) -> str:
    return str(Approval.Outcome(event.detail).label) if event.detail in Approval.Outcome.values else event.detail


def _nothing(event: SecurityEvent) -> str:
    return ""  # the id of another event or case


_DETAILS: dict[str, Callable[[SecurityEvent], str]] = {
    Kind.DEVICE_CHANGED: _old,
    Kind.RECOVERY_CODE_USED: _left,
    Kind.APPROVAL_DECIDED: _answer,
    Kind.REPORTED: _nothing,
    Kind.SECOND_FACTOR_MISSING: _nothing,
}
