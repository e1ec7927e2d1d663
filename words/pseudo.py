"""A pseudo-language: accented and 35 % longer, so that cut texts and texts outside the catalogues are seen at once."""

import re

_ACCENTED = str.maketrans("aeiouyAEIOUYcnsz", "áéíöüýÁÉÍÖÜÝçñšž")
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{\w*\}|\s+)")
_LONGER = 0.35


def pseudo(text: str) -> str:
    """Return the text with accents, in brackets and longer. Placeholders and spaces stay as they are."""
    pieces = _KEPT.split(text)
    accented = "".join(piece if number % 2 else piece.translate(_ACCENTED) for number, piece in enumerate(pieces))
    letters = sum(len(piece) for piece in pieces[::2])
    return f"[{accented}{'~' * max(1, round(letters * _LONGER) - 2)}]"
