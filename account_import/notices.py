"""The notice about a name or an email address that an import changed (ASVS 6.3.7)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from account_import import events
from audit.models import SecurityEvent
from notices.kinds import NoticeKind, register

_NAMES = frozenset({"first_name", "last_name"})
# The changed fields that the owner is notified of.
TOLD = _NAMES | {"email"}


def _changed_text(event: SecurityEvent) -> str:
    changed = set(event.detail.split())
    if not changed & _NAMES:
        return _("The email address of your UCPH account was changed.")
    if "email" not in changed:
        return _("The name of your UCPH account was changed.")
    return _("The name and the email address of your UCPH account were changed.")


DETAILS_CHANGED = register(
    NoticeKind(
        "details_changed",
        gettext_lazy("The name or the email address was changed"),
        event_kind=events.ACCOUNT_IMPORTED,
        subject=gettext_lazy("Your details at UCPH were changed"),
        text=_changed_text,
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        sms=gettext_lazy(
            "The name or email address of your UCPH account was changed. If it is wrong, call IT Support on %(phone)s."
        ),
    )
)
