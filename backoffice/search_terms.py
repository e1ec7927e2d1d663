"""The search terms of lists in URLs: encrypted, because addresses reach the logs of proxies and browsers' histories.

SECURITY: people search for names and parts of numbers (ASVS 14.2.1). A term is encrypted under `SECRET_KEY`. Nothing is
stored, so that a search has pages, filters and an export like the rest of a list.
"""

from cryptography.fernet import InvalidToken
from django.conf import settings

from common.encryption import decrypt, encrypt

_MARK = "~"


def seal_term(term: str) -> str:
    """Return the term encrypted for use in a URL, or "" for no term."""
    return f"{_MARK}{encrypt(term.encode(), _secrets()).decode()}" if term.strip() else ""


def open_term(sealed: str) -> str:
    """Return the term of a URL. A text that is not sealed is returned as it is, and a broken seal is no term."""
    if not sealed.startswith(_MARK):
        return sealed
    try:
        return decrypt(sealed.removeprefix(_MARK).encode(), _secrets()).decode()
    except InvalidToken:
        return ""


def _secrets() -> list[str]:
    return [f"backoffice.search_terms:{key}" for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
