"""The texts of messages.

A code comes first, for lock screens. The last line binds it to this host (WebOTP). A notice has neither a code nor a
link: people should not get used to links in text messages about their login.
"""

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.languages import support_phone
from mfa_sms import codes
from mfa_sms.models import Challenge, Purpose, TextMessage
from notices import kinds


class NothingToSay(Exception):
    """The message has no valid code, or no text. The exception's text is a one-word reason."""


def notice_texts() -> dict[str, str | Promise]:
    """Return the SMS text of every kind of notice that has one, by the kind's name."""
    return {str(kind): kind.sms for kind in kinds.all_kinds() if kind.sms is not None}


def render(message: TextMessage) -> str:
    """Return the text in the message's language: a notice, a test, or a text with the message's code.

    Raises `NothingToSay` if the challenge has ended, the device has another number, or the code's key is no longer
    configured. It also raises `NothingToSay` for a kind of notice without a text. A code needs the message's challenge
    and device. A notice may outlive its device.
    """
    if message.purpose == TextMessage.NOTICE:
        if message.notice == TextMessage.TEST:
            return compose_test(message.language)
        kind = kinds.find_kind(message.notice)
        if kind is None or kind.sms is None:
            raise NothingToSay("no_text")
        return compose_notice(kind.sms, message.language)
    challenge = message.challenge
    if challenge is None or challenge.outcome != Challenge.Outcome.OPEN:
        raise NothingToSay("ended")
    # SECURITY: a code is derived for the device's current number. It must not be sent to the previous one.
    if challenge.device.number != message.number:
        raise NothingToSay("number_changed")
    code = codes.derive(challenge)
    if code is None:
        raise NothingToSay("no_key")
    return compose(Purpose(message.purpose), message.language, code, settings.PORTAL_HOST)


def compose(purpose: Purpose, language: str, code: str, host: str) -> str:
    """Return the text with a code, for a purpose and a language."""
    with translation.override(language):
        match purpose:
            case Purpose.STEP_UP:
                # Translators: an SMS of at most 140 characters with a last line of about 25. Only GSM 03.38: no curly
                # quotes, no dashes. %(code)s is six digits and stands first.
                text = _(
                    "%(code)s is your code to change your login at UCPH. Never share the code. UCPH never calls to ask "
                    "for the code."
                )
            case Purpose.ENROLL:
                # Translators: an SMS of at most 140 characters with a last line of about 25. Only GSM 03.38: no curly
                # quotes, no dashes. %(code)s is six digits and stands first.
                text = _(
                    "%(code)s is your code to add this number at UCPH. Never share the code. UCPH never calls to ask "
                    "for the code."
                )
            case Purpose.SIGN_IN:
                # Translators: an SMS of at most 140 characters with a last line of about 25. Only GSM 03.38: no curly
                # quotes, no dashes. %(code)s is six digits and stands first.
                text = _(
                    "%(code)s is your code for UCPH login. Never share the code. UCPH never calls to ask for the code."
                )
            case Purpose.CALLER:
                # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(code)s is
                # six digits and stands first, %(phone)s is the number of IT Support, "35 32 32 32" in Danish.
                text = _(
                    "%(code)s: IT Support is asking who is calling. Read the code out only if YOU have called "
                    "%(phone)s. If someone called you, hang up."
                )
                # No page accepts this code, so no browser should offer to fill it in.
                return text % {"code": code, "phone": support_phone()}
    return f"{text % {'code': code}}\n@{host} #{code}"


def compose_notice(text: str | Promise, language: str) -> str:
    """Return the text of a notice in a language."""
    with translation.override(language):
        return str(text) % {"phone": support_phone()}


def compose_test(language: str) -> str:
    """Return the text of an agent's test message in a language."""
    with translation.override(language):
        # Translators: an SMS of at most 160 characters. Only GSM 03.38: no curly quotes, no dashes. %(phone)s is
        # "35 32 32 32" in Danish, with "+45 " before it in other languages.
        text = _("This is a test from IT Support at UCPH, %(phone)s. You do not need to do anything.")
        return text % {"phone": support_phone()}
