"""Text messages: one message in the GSM alphabet, also with the longest host name that operators may choose."""

import re
from collections.abc import Iterator

from mfa_sms import gsm
from mfa_sms.budgets import CODE_BUDGET, LONGEST_HOST, NOTICE_BUDGET
from words.catalogues import Entry
from words.checks.base import Found, pairs, short

# A sample of the longest value of each placeholder.
_VALUES = {"code": "0" * 6, "phone": "+45 35 32 32 32"}
_LAST_LINE = f"\n@{'x' * LONGEST_HOST} #000000"


def fits(entry: Entry, _plural_count: int) -> Iterator[Found]:
    """Find a text message that is too long or contains a character that makes it two messages."""
    kind = kind_of(entry)
    if kind is None:
        return
    budget = CODE_BUDGET if kind == "code" else NOTICE_BUDGET
    for number, _source, text in pairs(entry):
        if foreign := gsm.foreign(text):
            said = f"“{foreign}” is not in the alphabet of text messages. Write “-” for a dash and ' for an apostrophe."
            yield Found(number, said)
            continue
        over = length(text, kind) - budget
        if over > 0:
            why = f"with the last line for a host of {LONGEST_HOST} characters" if kind == "code" else "with the number"
            yield Found(number, f"The text message {short(text)} is {over} characters too long, {why}. Shorten it.")


def kind_of(entry: Entry) -> str | None:
    """Return "code" or "notice" for a text message, otherwise None. The comment above the entry says so."""
    found = re.search(r"\ban SMS of at most (\d+) characters", " ".join(entry.comment.split()), re.IGNORECASE)
    return {str(CODE_BUDGET): "code", str(NOTICE_BUDGET): "notice"}.get(found[1]) if found else None


def length(text: str, kind: str) -> int:
    """Return the length of a text message with the longest values, in characters of the GSM alphabet."""
    for name, value in _VALUES.items():
        text = text.replace(f"%({name})s", value)
    return gsm.measure(text + _LAST_LINE if kind == "code" else text).units
