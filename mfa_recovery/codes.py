"""What a recovery code is: 15 characters of 32, which is 75 bits of chance.

OWASP ASVS 6.5.2 wants look-up secrets of less than 112 bits under a salted password hash; NIST 800-63B-4, 3.1.2.2, asks
for 64 bits of those that are kept under a plain one. Both hold.
"""

import secrets
import unicodedata

from django.contrib.auth.hashers import check_password, make_password

# Letters and digits without look-alikes: neither I nor 1, neither O nor 0. Five bits each.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS = 3
GROUP = 5
LENGTH = GROUPS * GROUP
_LONGEST = 200  # typed characters: a code with much around it


def new_codes(number: int) -> tuple[str, ...]:
    """Return so many codes as people read them, "K7F3M-92QWX-4HTNB", no two alike."""
    codes: dict[str, None] = {}
    while len(codes) < number:
        codes["-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))] = None
    return tuple(codes)


def digest(code: str) -> str:
    """Return what is kept of a code: a salted hash by the first of `PASSWORD_HASHERS`, Argon2id in production."""
    return make_password(_bare(code))


def matches(code: str, kept: str) -> bool:
    """Whether the code is the one of which that was kept, compared in constant time."""
    return check_password(_bare(code), kept)


def read(typed: str) -> str | None:
    """Return the code in what was typed, 15 characters without hyphens, or None where there is not just one.

    Spaces and hyphens may stand anywhere, letters may be small, characters full width, and invisible ones among them.
    """
    if len(typed) > _LONGEST:
        return None
    bare = _bare(typed)
    return bare if len(bare) == LENGTH and set(bare) <= set(ALPHABET) else None


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    kept = (character for character in plain if unicodedata.category(character) not in ("Cf", "Pd", "Zs", "Cc"))
    return "".join(kept).upper().replace("\N{MINUS SIGN}", "")
