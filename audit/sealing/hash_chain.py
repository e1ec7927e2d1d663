"""One link of the hash chain: its row digests, its digest, its signature, and its text form for logs."""

import hashlib
import hmac
import json
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings

from audit.digests import moment
from audit.models import EventSeal

# The maximum number of rows in a seal. It may be raised, but never lowered. The verification relies on it: a seal with
# fewer rows left no visible row unsealed.
BATCH = 5000
ROW_DIGEST_SIZE = 40
_ROW_DIGEST = struct.Struct(">Q32s")
_GROUP = 4


class Checkpoint(NamedTuple):
    """A seal as recorded outside the database."""

    number: int
    digest: str

    def __str__(self) -> str:
        """Return NUMBER:DIGEST, the digest in groups of four digits. The log masks longer numbers as phone numbers."""
        groups = (self.digest[start : start + _GROUP] for start in range(0, len(self.digest), _GROUP))
        return f"{self.number}:{':'.join(groups)}"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Parse the text from `str`. Colons within the digest are optional. Raise `ValueError` for other texts."""
        number, _, rest = text.partition(":")
        digest = rest.replace(":", "").lower()
        if len(bytes.fromhex(digest)) != hashlib.sha256().digest_size:
            raise ValueError("no digest")
        return cls(int(number), digest)


def pack(row_digests: Iterable[tuple[int, bytes]]) -> bytes:
    """Return the ids and digests of rows in the form that a seal stores."""
    return b"".join(_ROW_DIGEST.pack(*row) for row in row_digests)


def unpack(packed: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the id and the digest of each row. Ignore an incomplete last leaf."""
    return _ROW_DIGEST.iter_unpack(memoryview(packed)[: len(packed) // ROW_DIGEST_SIZE * ROW_DIGEST_SIZE])


def digest(seal: EventSeal) -> str:
    """Return the SHA-256 digest of a seal's content, including the previous digest, as 64 hexadecimal digits."""
    head = [
        "kumfa.seal.1",
        seal.number,
        seal.previous,
        seal.count,
        seal.watermark_id,
        seal.last_id,
        moment(seal.sealed_at),
    ]
    # JSON contains no line feed, so that the line feed marks the end of the JSON part.
    return hashlib.sha256(json.dumps(head).encode("ascii") + b"\n" + bytes(seal.row_digests)).hexdigest()


def sign(seal: EventSeal) -> None:
    """Set the digest of a seal, and sign it with the newest key."""
    key = settings.EVENT_SEAL_KEYS[0]
    seal.digest = digest(seal)
    seal.key_id = _key_id(key)
    seal.signature = _signature(key, seal.digest)


def age_of_key(seal: EventSeal) -> int | None:
    """Return the position of the key that signed a seal, 0 for the newest. Return None if the key is unknown."""
    ids = [_key_id(key) for key in settings.EVENT_SEAL_KEYS]
    return ids.index(seal.key_id) if seal.key_id in ids else None


def knows_key(seal: EventSeal) -> bool:
    """Return whether the key that signed a seal is one of ours."""
    return age_of_key(seal) is not None


def is_signed(seal: EventSeal) -> bool:
    """Return whether one of our keys signed the digest of the seal."""
    signatures = [_signature(key, seal.digest) for key in settings.EVENT_SEAL_KEYS if _key_id(key) == seal.key_id]
    return any(hmac.compare_digest(signature, seal.signature) for signature in signatures)


def _signature(key: str, digest: str) -> str:
    return hmac.new(key.encode(), digest.encode(), hashlib.sha256).hexdigest()


def _key_id(key: str) -> str:
    return hashlib.sha256(f"kumfa.key-id:{key}".encode()).hexdigest()[:16]
