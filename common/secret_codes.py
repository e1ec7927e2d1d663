"""Codes of letters and digits that people keep or are told, and type again. The same for every factor.

What is kept of one is a salted password hash (OWASP ASVS 6.5.2). How long a code is decides its factor.
"""

import secrets
import unicodedata

from django.contrib.auth.hashers import check_password, make_password

# Letters and digits without look-alikes: neither I nor 1, neither O nor 0. Five bits each.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LONGEST = 200  # typed characters: a code with much around it


def new_secret_code(groups: int, size: int) -> str:
    """Return a code as people read it: so many groups of that size, with hyphens between."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(size)) for _ in range(groups))


def hash_secret_code(code: str) -> str:
    """Return what is kept of a code: a salted hash by the first of `PASSWORD_HASHERS`, Argon2id in production."""
    return make_password(_bare(code))


def matches_secret_code(code: str, kept: str) -> bool:
    """Whether the code is the one of which that was kept, compared in constant time."""
    return check_password(_bare(code), kept)


def parse_secret_code(typed: str, length: int) -> str | None:
    """Return the code of that length in what was typed, without hyphens, or None where there is not just one.

    Spaces and hyphens may stand anywhere, letters may be small, characters full width, and invisible ones among them.
    """
    if len(typed) > _LONGEST:
        return None
    bare = _bare(typed)
    return bare if len(bare) == length and set(bare) <= set(ALPHABET) else None


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    kept = (character for character in plain if unicodedata.category(character) not in ("Cf", "Pd", "Zs", "Cc"))
    return "".join(kept).upper().replace("\N{MINUS SIGN}", "")
