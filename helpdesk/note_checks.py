"""Rejects notes and case numbers with CPR numbers, codes or phone numbers.

Dates, times, case numbers and card numbers are digits too. They are taken out before the search for codes.
"""

import re
import unicodedata

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.account_names import contains_cpr
from common.secret_codes import ALPHABET

_YEAR = r"(?:19|20)?\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_CLOCK = r"(?:[01]?\d|2[0-3])[.:][0-5]\d"
_ISO_DAY = re.compile(rf"(?<![\d.-])(?:19|20)\d\d-{_MONTH}-{_DAY}(?![\d-])")
# The digits of a date, a time, a case or a card. A date has the same separator twice.
_HARMLESS = re.compile(
    rf"(?<![\d.-])(?:{_DAY}([./-]){_MONTH}\1{_YEAR}|(?:19|20)\d\d-{_MONTH}-{_DAY}|{_CLOCK})(?![\d-]|\.\d)"
    r"|\b(?:sags?(?:nr|nummer)?|case(?: number)?|studiekort(?:nr|nummer)?|student card|inc|req|ticket)"
    r"[.:]?[ #-]*\d{1,10}\b",
    re.IGNORECASE,
)
# Six digits, with or without separators, and not part of a longer number.
_CODE = re.compile(r"(?<!\d)(?<!\d[ .-])\d(?:[ .-]?\d){5}(?![ .-]?\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+\d[\d .-]{7,}|\d{8}|\d\d(?:[ .]\d\d){3})(?!\d)")
# An access pass or a recovery code, as displayed. Words in capitals have spaces and no digits.
_SECRET = re.compile(rf"\b[{ALPHABET}]{{4,5}}(?:-[{ALPHABET}]{{4,5}}){{1,2}}\b")
_SPACED_SECRET = re.compile(rf"\b(?=[{ALPHABET} ]*\d)[{ALPHABET}]{{4,5}}(?: [{ALPHABET}]{{4,5}}){{1,2}}\b")
# Ten digits that begin with a day and a month. The day is 60 higher in a replacement number.
_CPR_DATE = re.compile(r"(?<!\d)(?:[06][1-9]|[1278]\d|3[01]|9[01])(?:0[1-9]|1[0-2])\d{6}(?!\d)")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_EMPTIED = " x "  # replaces a date, so that the digits around it do not join


def check_note(note: str) -> str:
    """Return the note. Raise `ValidationError` if it has forbidden content, and name the piece."""
    plain = _plain(note)
    if contains_cpr(_ISO_DAY.sub(_EMPTIED, plain)):
        raise forms.ValidationError(_("Do not write a CPR number in the note."))
    rest = _HARMLESS.sub(_EMPTIED, plain)
    for pattern in (_SECRET, _SPACED_SECRET, _CODE):
        if found := pattern.search(rest):
            raise forms.ValidationError(
                _("Do not write a code in the note. “%(piece)s” looks like one.") % {"piece": found[0]}
            )
    if found := _PHONE.search(rest):
        raise forms.ValidationError(
            _("Do not write a phone number in the note. “%(piece)s” looks like one.") % {"piece": found[0]}
        )
    return note


def check_case_number(number: str) -> str:
    """Return the case number. Raise `ValidationError` unless it has the form of `CASE_NUMBER_FORMAT`.

    A CPR number is never a case number, even if it matches the format.
    """
    if _CPR_DATE.search(re.sub(r"[ -]", "", number)) or not re.fullmatch(settings.CASE_NUMBER_FORMAT, number):
        raise forms.ValidationError(
            _("That is not a case number. A case number looks like this: %(example)s.")
            % {"example": settings.CASE_NUMBER_EXAMPLE}
        )
    return number


def _plain(text: str) -> str:
    """Return the text with uniform digits, spaces and dashes, and without invisible characters."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _DASHES.sub("-", _SPACES.sub(" ", visible))
