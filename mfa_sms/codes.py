"""The code of a challenge: derived whenever it is needed, stored nowhere."""

import hashlib
import hmac
import re
import unicodedata

from django.conf import settings

from mfa_sms.models import Challenge

DIGITS = 6
_LONGEST = 2000  # typed characters: a few pasted messages
_IN_MESSAGE = re.compile(rf"#(\d{{{DIGITS}}})(?!\d)")
_STANDING_ALONE = re.compile(r"(?<!\d)(\d{3} ?\d{3})(?!\d)(?! ?\d{2})")


def derive(challenge: Challenge) -> str | None:
    """Return the code: six digits, or None where the key that made it is no longer configured.

    HMAC-SHA256 over challenge, device, number and purpose under a key from `SMS_CODE_KEYS`, truncated as in RFC 4226,
    section 5.3. The same challenge has the same code each time; another number has another.
    """
    key = next((key for key in settings.SMS_CODE_KEYS if _key_id(key) == challenge.key_id), None)
    if key is None:
        return None
    parts = (
        str(challenge.pk),
        bytes(challenge.nonce).hex(),
        str(challenge.device_id),
        challenge.device.number.as_e164,
        challenge.purpose,
    )
    digest = hmac.new(key.encode(), "|".join(("kumfa.code.1", *parts)).encode(), hashlib.sha256).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def current_key_id() -> str:
    """Return the id of the key that signs now, to be kept with a new challenge."""
    return _key_id(settings.SMS_CODE_KEYS[0])


def matches(challenge: Challenge, code: str) -> bool:
    """Whether the code is the challenge's, compared in constant time."""
    derived = derive(challenge)
    return derived is not None and hmac.compare_digest(derived.encode(), code.encode())


def read(typed: object) -> str | None:
    """Return the six digits in what was typed or pasted, or None where there are not just six.

    A whole message may be pasted; digits may be of any script, full width, and apart.
    """
    if len(str(typed)) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", str(typed))
    # The removal of format characters (zero width, direction marks) comes before any digit is looked for.
    text = "".join(
        str(unicodedata.decimal(character, character)) for character in text if unicodedata.category(character) != "Cf"
    )
    bare = re.sub(r"[\s\-‐-―.()\[\]{}#]", "", text)
    if bare.isdecimal() or not bare:
        return bare if len(bare) == DIGITS else None
    found = _IN_MESSAGE.findall(text) or _STANDING_ALONE.findall(re.sub(r"[\s\-‐-―]+", " ", text))
    codes = {code.replace(" ", "") for code in found}
    return codes.pop() if len(codes) == 1 else None


def _key_id(key: str) -> str:
    return hashlib.sha256(f"kumfa.key-id:{key}".encode()).hexdigest()[:16]
