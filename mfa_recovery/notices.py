"""Notices about recovery codes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.models import SecurityEvent
from mfa_recovery import events
from notices.kinds import NoticeKind, register


def _used_text(event: SecurityEvent) -> str:
    used = _("A recovery code was used to log in to your UCPH account.")
    return f"{used} {_left(event)}"


def _low_text(event: SecurityEvent) -> str:
    # Translators: follows "You have 3 recovery codes left."
    make = _("Make new ones under “Your login methods” before you have used the last one.")
    return f"{_left(event)} {make}"


def _left(event: SecurityEvent) -> str:
    left = int(event.detail or 0)
    return ngettext("You have %(count)d recovery code left.", "You have %(count)d recovery codes left.", left) % {
        "count": left
    }


RECOVERY_CODES_MADE = register(
    NoticeKind(
        "recovery_codes_made",
        gettext_lazy("New recovery codes were made"),
        event_kind=events.RECOVERY_CODES_MADE,
        subject=gettext_lazy("New recovery codes were made for your UCPH account"),
        text=lambda event: _("New recovery codes were made for your UCPH account. The earlier ones no longer work."),
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy(
            "New recovery codes were made for your UCPH account. If this was not you, call IT Support on %(phone)s."
        ),
        report_locks_device=True,
    )
)
RECOVERY_CODE_USED = register(
    NoticeKind(
        "recovery_code_used",
        gettext_lazy("A recovery code was used"),
        event_kind=events.RECOVERY_CODE_USED,
        subject=gettext_lazy("A recovery code was used for your UCPH account"),
        text=_used_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy(
            "A recovery code was used for your UCPH account. If this was not you, call IT Support on %(phone)s."
        ),
        report_locks_device=True,
    )
)
# The owner caused this notice: there is nothing to report, and no reason for an SMS.
RECOVERY_CODES_LOW = register(
    NoticeKind(
        "recovery_codes_low",
        gettext_lazy("Few recovery codes are left"),
        event_kind=events.RECOVERY_CODE_USED,
        subject=gettext_lazy("You have few recovery codes left"),
        text=_low_text,
        is_reportable=False,
    )
)
