"""Derives the code of a challenge each time it is needed. Codes are never stored."""

import hashlib
import hmac

from django.conf import settings

from common.typed_codes import DIGITS
from mfa_sms.models import Challenge


def derive(challenge: Challenge) -> str | None:
    """Return the six-digit code, or None if the key that made it is no longer configured.

    The code is an HMAC-SHA256 over challenge, nonce, device, number and purpose under a key from `SMS_CODE_KEYS`. It is
    truncated as in RFC 4226, section 5.3. A challenge always has the same code, unless the device's number changes.
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
    """Return the id of the current key, to store with a new challenge."""
    return _key_id(settings.SMS_CODE_KEYS[0])


def matches(challenge: Challenge, code: str) -> bool:
    """Whether the code is that of the challenge, compared in constant time."""
    derived = derive(challenge)
    return derived is not None and hmac.compare_digest(derived.encode(), code.encode())


def _key_id(key: str) -> str:
    return hashlib.sha256(f"kumfa.key-id:{key}".encode()).hexdigest()[:16]
