"""Spellings of a name that mean the same on the phone: with and without accents, "ø" as "o", "å" as "aa"."""

import re
import unicodedata

_APOSTROPHES = "'’‘`´ʼ"
# The letters that are searched besides the typed one. The classes are small, so that the trigram index can serve them.
_LETTERS = {
    "A": "AÁÀÂÄÃ",
    "C": "CÇČĆ",
    "D": "DÐ",
    "E": "EÉÈÊËĖ",
    "I": "IÍÌÎÏİ",
    "L": "LŁ",
    "N": "NÑŃ",
    "O": "OÓÒÔÖÕØ",
    "S": "SŠŞŚ",
    "U": "UÚÙÛÜ",
    "Y": "YÝ",
    "Z": "ZŽŻ",
}
_PAIRS = {
    "AA": "(AA|Å)",
    "Å": "(Å|AA)",
    "AE": "(AE|Æ|Ä)",
    "Æ": "(Æ|AE)",
    "OE": "(OE|Ø|Ö)",
    "Ø": "(Ø|OE)",
    "Ö": "(Ö|OE|Ø)",
}
_BEFORE_APOSTROPHE = "DLO"  # O'Brien, D'Arcy, L'Estrange
_PART = re.compile("AA|AE|OE|.", re.DOTALL)
_BETWEEN = re.compile(r"[\s,;:()\"“”„«»<>\0]+")


def words_of(typed: str) -> list[str]:
    """Return the words of a typed name, composed (NFC), without commas, quotes and brackets: "Lund, Freja"."""
    return [word for word in _BETWEEN.split(unicodedata.normalize("NFC", typed)) if word]


def pattern_of(word: str) -> str:
    """Return a regular expression in capitals for every spelling of the word, for `UPPER(field) ~ pattern`."""
    first, *others = _PART.findall(word.upper())
    left_out = f"[{_APOSTROPHES}]?" if first in _BEFORE_APOSTROPHE else ""
    return _spelled(first) + left_out + "".join(_spelled(part) for part in others)


def _spelled(part: str) -> str:
    if part in _PAIRS:
        return _PAIRS[part]
    if part in _APOSTROPHES:
        return f"[{_APOSTROPHES}]?"
    base = unicodedata.normalize("NFD", part)[0]
    letters = _LETTERS.get(base, "")
    return f"[{letters}]" if letters else re.escape(part)
