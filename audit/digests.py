"""What of a security event is hashed, byte by byte. With other bytes, nothing that is sealed already would verify."""

import ipaddress
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

# The columns that a seal is about, and those that can be taken away. A new column goes to the end of the first: empty
# columns are left out of the digest, so that rows from before it stay what they were.
SEALED = (
    "id",
    "at",
    "kind",
    "account_id",
    "actor_id",
    "name_digest",
    "reason",
    "detail",
    "method",
    "device_id",
    "reference",
    "client_digest",
)
CLIENT = ("client_salt", "address", "network", "browser")

_encode = json.JSONEncoder(separators=(",", ":")).encode


def client_digest(salt: str, address: str | None, network: str | None, browser: str) -> str:
    """Return the SHA-256 digest of where an event came from, 64 hexadecimal digits.

    Raises `ValueError` where address or network is none. An address counts by its bytes: how it is written does not
    matter, and differs between databases.
    """
    return sha256(
        _encode(["kumfa.client.1", salt, _packed(address), _packed(network), browser]).encode("ascii")
    ).hexdigest()


def row_digest(values: Sequence[Any]) -> bytes:
    """Return the SHA-256 digest of a row, 32 bytes, from the values of `SEALED` in that order."""
    named = {name: value for name, value in zip(SEALED, values, strict=True) if value not in (None, "")}
    named["at"] = moment(named["at"])
    return sha256(_encode(["kumfa.event.1", named]).encode("ascii")).digest()


def moment(at: datetime) -> str:
    """Return a time as it is hashed: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=4096)
def _packed(address: str | None) -> str | None:
    return None if address is None else ipaddress.ip_address(address).packed.hex()
