"""The GSM 03.38 alphabet, and the number of messages that a text needs."""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")

_ONE, _PART = 160, 153
_UCS2_ONE, _UCS2_PART = 70, 67


@dataclass(frozen=True)
class Measure:
    """The encoding of a text (GSM-7 or UCS-2), its length in units, and its number of parts."""

    gsm7: bool
    units: int
    parts: int


def measure(text: str) -> Measure:
    """Return the encoding, length and parts of a text.

    In GSM-7 the units are septets, of which an extension character takes two. In UCS-2 they are UTF-16 code units.
    """
    if all(character in BASIC or character in EXTENSION for character in text):
        widths = [2 if character in EXTENSION else 1 for character in text]
        return Measure(True, sum(widths), _parts(widths, _ONE, _PART))
    widths = [len(character.encode("utf-16-be")) // 2 for character in text]
    return Measure(False, sum(widths), _parts(widths, _UCS2_ONE, _UCS2_PART))


def foreign(text: str) -> str:
    """Return the characters that would force UCS-2, without duplicates and in order."""
    return "".join(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENSION))


def _parts(widths: list[int], one: int, part: int) -> int:
    """Count the parts. A character of two units is never split between them."""
    if sum(widths) <= one:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return parts
