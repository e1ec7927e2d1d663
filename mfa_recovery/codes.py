"""Recovery codes: 15 characters from an alphabet of 32, which is 75 bits of entropy.

OWASP ASVS 6.5.2 requires a salted password hash for look-up secrets of less than 112 bits. NIST 800-63B-4, 3.1.2.2,
requires 64 bits for those that are stored with a plain hash. The codes meet both.
"""

from common import secret_codes
from common.secret_codes import ALPHABET, hash_secret_code, matches_secret_code

__all__ = ["ALPHABET", "hash_secret_code", "matches_secret_code", "new_codes", "parse_recovery_code"]

GROUPS = 3
GROUP = 5
LENGTH = GROUPS * GROUP


def new_codes(number: int) -> tuple[str, ...]:
    """Return `number` different codes in groups, for example "K7F3M-92QWX-4HTNB"."""
    codes: dict[str, None] = {}
    while len(codes) < number:
        codes[secret_codes.new_secret_code(GROUPS, GROUP)] = None
    return tuple(codes)


def parse_recovery_code(typed: str) -> str | None:
    """Return the code in the typed text, 15 characters without hyphens; None unless there is exactly one."""
    return secret_codes.parse_secret_code(typed, LENGTH)
