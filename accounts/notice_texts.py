"""What the mails to owners say: what happened, when, from where, and what to do.

A number stands in them masked. No link in them signs anybody in.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import browsers, languages, methods, reports
from accounts.clock import day_and_clock
from accounts.helpdesk import registry
from accounts.models import Notice, SecurityEvent

Kind = Notice.Kind


def write(notice: Notice) -> tuple[str, str]:
    """Return subject and body, in the language of the account. Needs the notice's account and event."""
    with translation.override(notice.account.language):
        kind = Kind(notice.kind)
        context = {
            "account": notice.account,
            "what": _what(kind, notice.event),
            "circumstances": _circumstances(notice.event),
            "support_phone": languages.support_phone(),
        }
        if kind != Kind.RECOVERY_CODES_LOW:
            context |= {
                "link": reports.link(notice.event),
                "days": settings.REPORT_LINK_LIFE.days,
                "locks": reports.locks(notice.event),
            }
        return _subject(kind), render_to_string("accounts/mail/notice.txt", context)


def _subject(kind: Notice.Kind) -> str:
    match kind:
        case Kind.DEVICE_ADDED:
            return _("A login method was added to your UCPH account")
        case Kind.DEVICE_CHANGED:
            return _("A login method of your UCPH account was changed")
        case Kind.DEVICE_REMOVED:
            return _("A login method was removed from your UCPH account")
        case Kind.RECOVERY_CODES_MADE:
            return _("New recovery codes were made for your UCPH account")
        case Kind.RECOVERY_CODE_USED:
            return _("A recovery code was used for your UCPH account")
        case Kind.RECOVERY_CODES_LOW:
            return _("You have few recovery codes left")
        case Kind.SECOND_FACTOR_MISSING:
            return _("Your password was used, but the login was not completed")
        case Kind.AGENT_ACTED:
            return _("IT Support changed something about your login")


def _what(kind: Notice.Kind, event: SecurityEvent) -> str:
    match kind:
        case Kind.DEVICE_ADDED:
            text = _("This login method was added to your UCPH account: %(method)s.")
            return text % {"method": _method(event, _described(event))}
        case Kind.DEVICE_CHANGED:
            # Translators: %(old)s and %(method)s are such as "Phone, +45 •• •• •• 78".
            text = _("A login method of your UCPH account was changed. Before: %(old)s. Now: %(method)s.")
            return text % {"old": _method(event, event.detail), "method": _method(event, _described(event))}
        case Kind.DEVICE_REMOVED:
            text = _("This login method was removed from your UCPH account: %(method)s.")
            return text % {"method": _method(event, event.detail)}
        case Kind.RECOVERY_CODES_MADE:
            return _("New recovery codes were made for your UCPH account. The earlier ones no longer work.")
        case Kind.RECOVERY_CODE_USED:
            used = _("A recovery code was used to log in to your UCPH account.")
            return f"{used} {_left(event)}"
        case Kind.RECOVERY_CODES_LOW:
            # Translators: follows "You have 3 recovery codes left."
            make = _("Make new ones under “Your login methods” before you have used the last one.")
            return f"{_left(event)} {make}"
        case Kind.AGENT_ACTED:
            action = registry.by_slug(event.reason)
            return str(action.told) if action else _("IT Support changed something about your login.")
        case Kind.SECOND_FACTOR_MISSING:
            return _(
                "Somebody entered the right password for your UCPH account, but no code. "
                "They were not logged in. If it was not you, somebody else knows your password."
            )


def _left(event: SecurityEvent) -> str:
    left = int(event.detail or 0)
    return ngettext("You have %(count)d recovery code left.", "You have %(count)d recovery codes left.", left) % {
        "count": left
    }


def _method(event: SecurityEvent, described: str) -> str:
    """Return the method with what tells the device from others, "Phone, +45 •• •• •• 78"."""
    label = next((str(method.label) for method in methods.all_methods() if method.owns(event.method)), "")
    return ", ".join(filter(None, (label, described)))


def _described(event: SecurityEvent) -> str:
    """Return what tells the device from others, empty where it is gone by now."""
    option = methods.of_event(event)
    return option.description.seen if option else ""


def _circumstances(event: SecurityEvent) -> list[str]:
    """Return when it was and from where, a line each."""
    if event.kind == SecurityEvent.Kind.SECOND_FACTOR_MISSING:
        # That event is written when nothing has followed for a while; its owner knows when the password was entered.
        event = SecurityEvent.objects.filter(account=event.account, pk=int(event.detail or 0)).first() or event
    time = _("Time: %(time)s") % {"time": day_and_clock(event.at)}
    if event.kind == SecurityEvent.Kind.AGENT_ACTED:
        return [time]  # where the agent sits is nothing that the owner could recognize
    lines = [
        time,
        # Translators: %(browser)s is "Firefox, Windows".
        _("From: %(browser)s") % {"browser": browsers.describe(event.browser)},
    ]
    if event.address:
        lines.append(_("IP address: %(address)s") % {"address": event.address})
    return lines
