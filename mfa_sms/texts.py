"""What a text message says. The code stands first, for lock screens; the last line binds it to this host (WebOTP)."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from mfa_sms import codes
from mfa_sms.models import Challenge, Purpose, TextMessage

BUDGET = 140  # septets: what browsers' autofill of one-time codes asks for


class NothingToSay(Exception):
    """The message has no code that would be accepted; the text says why in a word."""


def render(message: TextMessage) -> str:
    """Return the text, in the message's language, with its code.

    Raises `NothingToSay` where the challenge has ended, the device has another number by now, or the key that makes the
    code is no longer configured. Needs the message's challenge and device.
    """
    challenge = message.challenge
    if challenge is None or challenge.outcome != Challenge.Outcome.OPEN:
        raise NothingToSay("ended")
    # SECURITY: a code is derived for the device's number as it is now; it must not go to the one before.
    if challenge.device.number != message.number:
        raise NothingToSay("number_changed")
    code = codes.derive(challenge)
    if code is None:
        raise NothingToSay("no_key")
    return compose(Purpose(message.purpose), message.language, code, settings.PORTAL_HOST)


def compose(purpose: Purpose, language: str, code: str, host: str) -> str:
    """Return the text for a purpose and a language."""
    with translation.override(language):
        match purpose:
            case Purpose.STEP_UP:
                # Translators: an SMS of at most 140 characters with a last line of about 25. Only GSM 03.38: no curly
                # quotes, no dashes. %(code)s is six digits and stands first.
                text = _(
                    "%(code)s is your code to change your login at UCPH. "
                    "Do not share it. UCPH never calls to ask for the code."
                )
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
