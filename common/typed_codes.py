"""Codes as people type or paste them. The same for every factor."""

import re
import unicodedata

DIGITS = 6
_LONGEST = 2000  # typed characters: a few pasted messages
_IN_MESSAGE = re.compile(rf"#(\d{{{DIGITS}}})(?!\d)")
_STANDING_ALONE = re.compile(r"(?<!\d)(\d{3} ?\d{3})(?!\d)(?! ?\d{2})")


def parse_code(typed: object) -> str | None:
    """Return the six digits in what was typed or pasted, or None where there are not just six.

    A whole message may be pasted; digits may be of any script, full width, and apart.
    """
    if len(str(typed)) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", str(typed))
    # The removal of format characters (zero width, direction marks) comes before any digit is looked for.
    text = "".join(
        str(unicodedata.decimal(character, character)) for character in text if unicodedata.category(character) != "Cf"
    )
    bare = re.sub(r"[\s\-‐-―.()\[\]{}#]", "", text)
    if bare.isdecimal() or not bare:
        return bare if len(bare) == DIGITS else None
    found = _IN_MESSAGE.findall(text) or _STANDING_ALONE.findall(re.sub(r"[\s\-‐-―]+", " ", text))
    codes = {code.replace(" ", "") for code in found}
    return codes.pop() if len(codes) == 1 else None
