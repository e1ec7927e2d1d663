"""The notices about devices, passwords and abandoned sign-ins."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import SecurityEvent
from notices import events as notice_events
from notices.kinds import NoticeKind, register
from sign_in import events as sign_in_events
from sign_in import methods
from sign_in.methods import events


def _added_text(event: SecurityEvent) -> str:
    text = _("This login method was added to your UCPH account: %(method)s.")
    return text % {"method": _describe(event, _current_device(event))}


def _changed_text(event: SecurityEvent) -> str:
    # Translators: %(old)s and %(method)s are such as "Phone, +45 •• •• •• 78".
    text = _("A login method of your UCPH account was changed. Before: %(old)s. Now: %(method)s.")
    return text % {"old": _describe(event, event.detail), "method": _describe(event, _current_device(event))}


def _removed_text(event: SecurityEvent) -> str:
    text = _("This login method was removed from your UCPH account: %(method)s.")
    return text % {"method": _describe(event, event.detail)}


def _missing_text(event: SecurityEvent) -> str:
    return _(
        "Someone entered the right password for your UCPH account, but no code. They were not logged in. If this was "
        "not you, someone else knows your password."
    )


def _wrong_codes_text(event: SecurityEvent) -> str:
    return _(
        "Someone entered the right password for your UCPH account, and many wrong codes. They were not logged in. If "
        "this was not you, someone else knows your password."
    )


def _guessed_text(event: SecurityEvent) -> str:
    return _(
        "Someone has entered many wrong passwords for your UCPH account. They were not logged in. You can still log "
        "in. In a browser that you have not used before, it may take a minute longer."
    )


def _describe(event: SecurityEvent, device: str) -> str:
    """Return the method and the description of its device, for example "Phone, +45 •• •• •• 78"."""
    return ", ".join(filter(None, (events.find_method_label(event), device)))


def _current_device(event: SecurityEvent) -> str:
    """Return the description of the event's device, or "" if it was deleted."""
    option = methods.of_event(event)
    return option.description.seen if option else ""


DEVICE_ADDED = register(
    NoticeKind(
        "device_added",
        gettext_lazy("A login method was added"),
        event_kind=events.DEVICE_ENROLLED,
        subject=gettext_lazy("A login method was added to your UCPH account"),
        text=_added_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy(
            "A login method was added to your UCPH account. If this was not you, call IT Support on %(phone)s."
        ),
        report_locks_device=True,
    )
)
DEVICE_CHANGED = register(
    NoticeKind(
        "device_changed",
        gettext_lazy("A login method was changed"),
        event_kind=events.DEVICE_CHANGED,
        subject=gettext_lazy("A login method of your UCPH account was changed"),
        text=_changed_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy(
            "A login method of your UCPH account was changed. If this was not you, call IT Support on %(phone)s."
        ),
        report_locks_device=True,
    )
)
DEVICE_REMOVED = register(
    NoticeKind(
        "device_removed",
        gettext_lazy("A login method was removed"),
        event_kind=events.DEVICE_REMOVED,
        subject=gettext_lazy("A login method was removed from your UCPH account"),
        text=_removed_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy(
            "A login method was removed from your UCPH account. If this was not you, call IT Support on %(phone)s."
        ),
    )
)
PASSWORD_CHANGED = register(
    NoticeKind(
        "password_changed",
        gettext_lazy("The password was changed"),
        event_kind=sign_in_events.PASSWORD_CHANGED,
        subject=gettext_lazy("The password of your UCPH account was changed"),
        text=lambda event: _("A new password was chosen for your UCPH account. The earlier one no longer works."),
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy(
            "The password of your UCPH account was changed. If this was not you, call IT Support on %(phone)s."
        ),
    )
)
# No SMS: the owner's own code may simply be late, and more messages to the same number would not help.
SECOND_FACTOR_MISSING = register(
    NoticeKind(
        "second_factor_missing",
        gettext_lazy("The password was used, but the login was not completed"),
        event_kind=notice_events.SECOND_FACTOR_MISSING,
        subject=gettext_lazy("Your password was used, but the login was not completed"),
        text=_missing_text,
    )
)
# No SMS: somebody who enters wrong codes every day would make the owner's phone ring every day.
MANY_WRONG_CODES = register(
    NoticeKind(
        "many_wrong_codes",
        gettext_lazy("The right password was used with many wrong codes"),
        event_kind=events.CODE_REFUSED,
        subject=gettext_lazy("Many wrong codes were entered for your UCPH account"),
        text=_wrong_codes_text,
    )
)
# Without a report: the password is not known to anybody, and a report would end the owner's sessions for nothing.
GUESSED_PASSWORDS = register(
    NoticeKind(
        "guessed_passwords",
        gettext_lazy("Many wrong passwords"),
        event_kind=notice_events.GUESSED_PASSWORDS,
        subject=gettext_lazy("Many wrong passwords were entered for your UCPH account"),
        text=_guessed_text,
        is_reportable=False,
    )
)
