"""The one form in which passwords are hashed and compared."""

import unicodedata


def normalize_password(password: str) -> str:
    """Return the password in NFC (NIST SP 800-63B-4, 3.1.1.2).

    "å" is one code point on most keyboards, and two in what some Macs and password managers enter.
    """
    return unicodedata.normalize("NFC", password)
