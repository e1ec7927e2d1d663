"""The code of an access pass: 8 characters from an alphabet of 32, which is 40 bits of entropy.

It is short enough to be read out over the telephone. It is strong enough for three reasons. A pass expires after
`ACCESS_PASS_LONGEST` at the latest. `CODE_FAILURES_TO_DISABLE` wrong codes lock it. The database stores a salted
password hash (OWASP ASVS 6.5.2).
"""

from common import secret_codes
from common.secret_codes import hash_secret_code, matches_secret_code

__all__ = ["hash_secret_code", "matches_secret_code", "new_code", "parse_access_pass"]

GROUPS = 2
GROUP = 4
LENGTH = GROUPS * GROUP


def new_code() -> str:
    """Return a new code in groups, for example "K7F3-92QM"."""
    return secret_codes.new_secret_code(GROUPS, GROUP)


def parse_access_pass(typed: str) -> str | None:
    """Return the code in the typed text, 8 characters without hyphens; None unless there is exactly one."""
    return secret_codes.parse_secret_code(typed, LENGTH)
