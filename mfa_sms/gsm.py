"""The GSM 03.38 alphabet, and how many messages a text takes."""

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
    """How a text travels: in GSM-7 or UCS-2, how long in that alphabet's units, in how many parts."""

    gsm7: bool
    units: int
    parts: int


def measure(text: str) -> Measure:
    """Measure a text. Units are septets in GSM-7, of which an extension character takes two, else UTF-16 code units."""
    if all(character in BASIC or character in EXTENSION for character in text):
        widths = [2 if character in EXTENSION else 1 for character in text]
        return Measure(True, sum(widths), _parts(widths, _ONE, _PART))
    widths = [len(character.encode("utf-16-be")) // 2 for character in text]
    return Measure(False, sum(widths), _parts(widths, _UCS2_ONE, _UCS2_PART))


def foreign(text: str) -> str:
    """Return the characters that would turn the text into UCS-2, each once, in order."""
    return "".join(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENSION))


def _parts(widths: list[int], one: int, part: int) -> int:
    """Count the parts; a character of two units is not split between them."""
    if sum(widths) <= one:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return parts
