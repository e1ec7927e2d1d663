"""Encryption of secrets in the database. The first of a list of secrets encrypts, and all of them decrypt."""

import base64
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def encrypt(value: bytes, secrets: Sequence[str]) -> bytes:
    """Return the value encrypted and authenticated under the first secret."""
    return _cipher(tuple(secrets)).encrypt(value)


def decrypt(encrypted: bytes, secrets: Sequence[str]) -> bytes:
    """Return the decrypted value. Raise `cryptography.fernet.InvalidToken` if none of the secrets has encrypted it."""
    return _cipher(tuple(secrets)).decrypt(encrypted)


def is_current(encrypted: bytes, secrets: Sequence[str]) -> bool:
    """Return whether the first secret has encrypted the value."""
    try:
        decrypt(encrypted, secrets[:1])
    except InvalidToken:
        return False
    return True


@lru_cache(maxsize=8)
def _cipher(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(sha256(secret.encode()).digest())) for secret in secrets])
