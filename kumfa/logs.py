"""What may stand in a log line."""

import logging
import re

# SECURITY: a second line of defence. No code of ours logs numbers, but a library's exception may quote one.
_LONG_DIGITS = re.compile(r"\+?\d[\d ]{6,}\d")
_CPR = re.compile(r"\b\d{6}-?\d{4}\b")


class Redact(logging.Filter):
    """Masks telephone and CPR numbers in a record's finished text, but for the last two digits."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drop it."""
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


def redact(text: str) -> str:
    """Return the text with every CPR number and every run of eight digits or more masked."""
    text = _CPR.sub("••••••-••••", text)
    return _LONG_DIGITS.sub(lambda match: "••" + match.group()[-2:], text)
