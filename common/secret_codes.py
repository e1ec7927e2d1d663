"""Codes of letters and digits that people keep or receive, and later type. All factors share these functions.

Only a salted password hash of a code is stored (OWASP ASVS 6.5.2). Each factor decides how long its codes are.
"""

import secrets
import unicodedata

from django.contrib.auth.hashers import check_password, make_password

# Letters and digits without look-alikes: no I or 1, no O or 0. Each character has five bits.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LONGEST = 200  # typed characters; allows separators and other characters around a code


def new_secret_code(groups: int, size: int) -> str:
    """Return a new code in the form that people read: `groups` groups of `size` characters, joined by hyphens."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(size)) for _ in range(groups))


def hash_secret_code(code: str) -> str:
    """Return the salted hash to store. The first of `PASSWORD_HASHERS` makes it, in production Argon2id."""
    return make_password(_bare(code))


def matches_secret_code(code: str, kept: str) -> bool:
    """Return whether the code matches the stored hash. The comparison takes constant time."""
    return check_password(_bare(code), kept)


def parse_secret_code(typed: str, length: int) -> str | None:
    """Return the code without hyphens, or None if the text is not one code of that length.

    Spaces, hyphens, lower case, full-width characters and invisible characters are accepted.
    """
    if len(typed) > _LONGEST:
        return None
    bare = _bare(typed)
    return bare if len(bare) == length and set(bare) <= set(ALPHABET) else None


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    kept = (character for character in plain if unicodedata.category(character) not in ("Cf", "Pd", "Zs", "Cc"))
    return "".join(kept).upper().replace("\N{MINUS SIGN}", "")
