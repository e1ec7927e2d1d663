"""Digests keyed by `SECRET_KEY`, and by `SECRET_KEY_FALLBACKS` while the key is being replaced."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def digest(salt: str, value: str) -> str:
    """Return the digest under the current key: 64 hexadecimal digits. `salt` names the use."""
    return all_digests(salt, value)[0]


def all_digests(salt: str, value: str) -> list[str]:
    """Return the digest under each key, the current key first."""
    return [raw.hex() for raw in all_raw_digests(salt, value)]


def all_raw_digests(salt: str, value: str) -> list[bytes]:
    """Return the digest under each key as 32 bytes, the current key first."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(salt, value, secret=key, algorithm="sha256").digest() for key in keys]


def matches(salt: str, value: str, given: str) -> bool:
    """Return whether `given` is the digest under one of the keys."""
    return any_equal(given, all_digests(salt, value))


def any_equal(given: str, digests: Iterable[str]) -> bool:
    """Return whether `given` is one of the digests, in constant time for each."""
    return any(constant_time_compare(given, right) for right in digests)
