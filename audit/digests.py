"""The bytes of a security event that are hashed. If they change, events that are already sealed no longer verify."""

import ipaddress
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

# The columns that a seal covers, and the columns that can be removed later. A new column must go to the end of
# `SEALED`. The digest omits empty columns, so that the digests of older rows stay the same.
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
    """Return the SHA-256 digest of the client info of an event, as 64 hexadecimal digits.

    Raise `ValueError` if the address or the network is malformed. Addresses are hashed as bytes, because databases
    write them differently.
    """
    return sha256(
        _encode(["kumfa.client.1", salt, _packed(address), _packed(network), browser]).encode("ascii")
    ).hexdigest()


def row_digest(values: Sequence[Any]) -> bytes:
    """Return the SHA-256 digest of a row, 32 bytes. `values` are the values of `SEALED`, in that order."""
    named = {name: value for name, value in zip(SEALED, values, strict=True) if value not in (None, "")}
    named["at"] = moment(named["at"])
    return sha256(_encode(["kumfa.event.1", named]).encode("ascii")).digest()


def moment(at: datetime) -> str:
    """Return the time in the form that is hashed: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=4096)
def _packed(address: str | None) -> str | None:
    return None if address is None else ipaddress.ip_address(address).packed.hex()
