"""One link of the chain: its row digests, its digest, its signature, and how it is written into a log."""

import hashlib
import hmac
import json
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings

from audit.digests import moment
from audit.models import EventSeal

# How many rows a seal holds at most. May be raised, never lowered: a seal with fewer rows left none behind, and the
# verification goes by that.
BATCH = 5000
ROW_DIGEST_SIZE = 40
_ROW_DIGEST = struct.Struct(">Q32s")
_GROUP = 4


class Checkpoint(NamedTuple):
    """A seal as it was known elsewhere."""

    number: int
    digest: str

    def __str__(self) -> str:
        """Return NUMBER:DIGEST in groups of four digits, since what may be a telephone number is masked in logs."""
        groups = (self.digest[start : start + _GROUP] for start in range(0, len(self.digest), _GROUP))
        return f"{self.number}:{':'.join(groups)}"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Return what `str` has written; colons within the digest may be missing. Raises `ValueError` for all else."""
        number, _, rest = text.partition(":")
        digest = rest.replace(":", "").lower()
        if len(bytes.fromhex(digest)) != hashlib.sha256().digest_size:
            raise ValueError("no digest")
        return cls(int(number), digest)


def pack(row_digests: Iterable[tuple[int, bytes]]) -> bytes:
    """Return ids and digests of rows as a seal keeps them."""
    return b"".join(_ROW_DIGEST.pack(*row) for row in row_digests)


def unpack(packed: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield id and digest of each row; a torn end is left out."""
    return _ROW_DIGEST.iter_unpack(memoryview(packed)[: len(packed) // ROW_DIGEST_SIZE * ROW_DIGEST_SIZE])


def digest(seal: EventSeal) -> str:
    """Return the SHA-256 digest of all that a seal says, and of the seal before it, 64 hexadecimal digits."""
    head = [
        "kumfa.seal.1",
        seal.number,
        seal.previous,
        seal.count,
        seal.watermark_id,
        seal.last_id,
        moment(seal.sealed_at),
    ]
    # JSON holds no line feed, so that one ends the head.
    return hashlib.sha256(json.dumps(head).encode("ascii") + b"\n" + bytes(seal.row_digests)).hexdigest()


def sign(seal: EventSeal) -> None:
    """Give a seal its digest, and its signature under the newest key."""
    key = settings.EVENT_SEAL_KEYS[0]
    seal.digest = digest(seal)
    seal.key_id = _key_id(key)
    seal.signature = _signature(key, seal.digest)


def age_of_key(seal: EventSeal) -> int | None:
    """Return the place of the key that signed a seal, 0 for the newest; None where it is none of ours."""
    ids = [_key_id(key) for key in settings.EVENT_SEAL_KEYS]
    return ids.index(seal.key_id) if seal.key_id in ids else None


def knows_key(seal: EventSeal) -> bool:
    """Whether the key that signed a seal is one of ours."""
    return age_of_key(seal) is not None


def is_signed(seal: EventSeal) -> bool:
    """Whether one of our keys signed the seal's digest."""
    signatures = [_signature(key, seal.digest) for key in settings.EVENT_SEAL_KEYS if _key_id(key) == seal.key_id]
    return any(hmac.compare_digest(signature, seal.signature) for signature in signatures)


def _signature(key: str, digest: str) -> str:
    return hmac.new(key.encode(), digest.encode(), hashlib.sha256).hexdigest()


def _key_id(key: str) -> str:
    return hashlib.sha256(f"kumfa.key-id:{key}".encode()).hexdigest()[:16]
