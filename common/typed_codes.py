"""Codes of six digits, as people type or paste them. All factors share this function."""

import re
import unicodedata

DIGITS = 6
_LONGEST = 2000  # typed characters; enough for a few pasted messages
_IN_MESSAGE = re.compile(rf"#(\d{{{DIGITS}}})(?!\d)")
_STANDING_ALONE = re.compile(r"(?<!\d)(\d{3} ?\d{3})(?!\d)(?! ?\d{2})")


def parse_code(typed: object) -> str | None:
    """Return the six digits in the typed or pasted text, or None if it does not contain exactly one code.

    The text may be a whole message. The digits may be separated, full width, or of any script.
    """
    if len(str(typed)) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", str(typed))
    # Remove format characters (zero width, direction marks) before the search for digits.
    text = "".join(
        str(unicodedata.decimal(character, character)) for character in text if unicodedata.category(character) != "Cf"
    )
    bare = re.sub(r"[\s\-‐-―.()\[\]{}#]", "", text)
    if bare.isdecimal() or not bare:
        return bare if len(bare) == DIGITS else None
    found = _IN_MESSAGE.findall(text) or _STANDING_ALONE.findall(re.sub(r"[\s\-‐-―]+", " ", text))
    codes = {code.replace(" ", "") for code in found}
    return codes.pop() if len(codes) == 1 else None
