"""What a text message says. The code stands first, for lock screens; the last line binds it to this host (WebOTP)."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from mfa_sms import codes
from mfa_sms.models import Purpose, TextMessage

BUDGET = 140  # septets: what browsers' autofill of one-time codes asks for


class CodeUnknown(Exception):
    """The key that makes this message's code is no longer configured."""


def render(message: TextMessage) -> str:
    """Return the text, in the message's language, with its code.

    Raises `CodeUnknown`. Needs the message's challenge and device.
    """
    code = codes.derive(message.challenge) if message.challenge else None
    if code is None:
        raise CodeUnknown
    return compose(Purpose(message.purpose), message.language, code, settings.PORTAL_HOST)


def compose(purpose: Purpose, language: str, code: str, host: str) -> str:
    """Return the text for a purpose and a language."""
    with translation.override(language):
        match purpose:
            case Purpose.ENROLL:
                # Translators: an SMS of at most 140 characters with a last line of about 25. Only GSM 03.38: no curly
                # quotes, no dashes. %(code)s is six digits and stands first.
                text = _(
                    "%(code)s is your code to add this number at UCPH. "
                    "Do not share it. UCPH never calls to ask for the code."
                )
            case Purpose.SIGN_IN:
                # Translators: an SMS of at most 140 characters with a last line of about 25. Only GSM 03.38: no curly
                # quotes, no dashes. %(code)s is six digits and stands first.
                text = _("%(code)s is your code for UCPH login. Do not share it. UCPH never calls to ask for the code.")
    return f"{text % {'code': code}}\n@{host} #{code}"
