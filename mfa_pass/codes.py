"""What the code of an access pass is: 8 characters of 32, which is 40 bits of chance.

That is short enough to be read out over the telephone, and enough: it lives for `ACCESS_PASS_LONGEST` at most, is
locked after `CODE_FAILURES_TO_DISABLE` wrong codes, and is kept under a salted password hash (OWASP ASVS 6.5.2).
"""

from common import secret_codes
from common.secret_codes import hash_secret_code, matches_secret_code

__all__ = ["hash_secret_code", "matches_secret_code", "new_code", "parse_access_pass"]

GROUPS = 2
GROUP = 4
LENGTH = GROUPS * GROUP


def new_code() -> str:
    """Return a code as people read it, "K7F3-92QM"."""
    return secret_codes.new_secret_code(GROUPS, GROUP)


def parse_access_pass(typed: str) -> str | None:
    """Return the code in what was typed, 8 characters without hyphens, or None where there is not just one."""
    return secret_codes.parse_secret_code(typed, LENGTH)
