"""What a recovery code is: 15 characters of 32, which is 75 bits of chance.

OWASP ASVS 6.5.2 wants look-up secrets of less than 112 bits under a salted password hash; NIST 800-63B-4, 3.1.2.2, asks
for 64 bits of those that are kept under a plain one. Both hold.
"""

from common import secret_codes
from common.secret_codes import ALPHABET, hash_secret_code, matches_secret_code

__all__ = ["ALPHABET", "hash_secret_code", "matches_secret_code", "new_codes", "parse_recovery_code"]

GROUPS = 3
GROUP = 5
LENGTH = GROUPS * GROUP


def new_codes(number: int) -> tuple[str, ...]:
    """Return so many codes as people read them, "K7F3M-92QWX-4HTNB", no two alike."""
    codes: dict[str, None] = {}
    while len(codes) < number:
        codes[secret_codes.new_secret_code(GROUPS, GROUP)] = None
    return tuple(codes)


def parse_recovery_code(typed: str) -> str | None:
    """Return the code in what was typed, 15 characters without hyphens, or None where there is not just one."""
    return secret_codes.parse_secret_code(typed, LENGTH)
