"""Phone numbers: which are accepted, and how they are shown."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, cast

import phonenumbers
from babel import Locale
from django.conf import settings
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException, PhoneNumberType, ValidationResult

_LONGEST = 200  # typed characters; longer input is not a typo
_SEPARATORS = re.compile(r"[\s\-‐-―./()\[\]{}_]")
# All other types cost the university a lot, receive no SMS, or are sold to fraudsters (personal numbers, such as 070 in
# the United Kingdom). Some numbering plans, such as Denmark's, do not separate fixed from mobile.
_ALLOWED_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# Regions with their own numbers under another country's calling code and network.
_PART_OF = {"AX": "FI", "SJ": "NO"}


class NumberFault(Enum):
    """Why no code can be sent to the typed number."""

    EMPTY = "empty"
    LETTERS = "letters"
    DANISH_LENGTH = "danish_length"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    LANDLINE = "landline"
    COUNTRY_REFUSED = "country_refused"
    TYPE_REFUSED = "type_refused"


@dataclass
class NotANumber(ValueError):
    """The typed text is not a number to which a code can be sent; `region` is its country, if known."""

    fault: NumberFault
    region: str = ""


def parse_number(typed: str, region: str) -> PhoneNumber:
    """Return the typed number, in the selected region unless it begins with `+` or `00`.

    Raises `NotANumber`, also for a country or type that is not allowed.
    """
    if len(typed) > _LONGEST:
        raise NotANumber(NumberFault.TOO_LONG, region)
    text = _clean(typed)
    if not text:
        raise NotANumber(NumberFault.EMPTY)
    if not re.fullmatch(r"\+?\d+", text):
        raise NotANumber(NumberFault.LETTERS, region)
    if text.startswith("00"):
        text = f"+{text[2:]}"
    try:
        parsed = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise NotANumber(_parse_fault(error), region) from None
    found = _region(parsed, region)
    _judge_length(parsed, found)
    _judge_use(parsed, found)
    return _phone_number(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def read_number(typed: str, region: str) -> PhoneNumber | None:
    """Return the full number that the text is, in the region unless it begins with `+` or `00`, or None.

    Accepts every country and type, because numbers in countries that are no longer allowed still exist.
    """
    text = _clean(typed[:_LONGEST])
    if not re.fullmatch(r"\+?\d+", text):
        return None
    try:
        parsed = phonenumbers.parse(f"+{text[2:]}" if text.startswith("00") else text, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return _phone_number(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _phone_number(e164: str) -> PhoneNumber:
    return cast(PhoneNumber, PhoneNumber.from_string(e164))


def _region(parsed: phonenumbers.PhoneNumber, selected: str) -> str:
    """Return the country of the number by its digits, or by its calling code if no country has such a number."""
    found = phonenumbers.region_code_for_number(parsed)
    if not found:
        same_code = parsed.country_code == _code_of(selected)
        found = selected if same_code else phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return _PART_OF.get(found, found)


def _clean(typed: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) != "Cf")
    text = _SEPARATORS.sub("", text)
    return "".join(str(unicodedata.decimal(c, c)) for c in text)


def _parse_fault(error: NumberParseException) -> NumberFault:
    if error.error_type in (NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD):
        return NumberFault.TOO_SHORT
    if error.error_type == NumberParseException.TOO_LONG:
        return NumberFault.TOO_LONG
    return NumberFault.UNKNOWN


def _judge_length(parsed: phonenumbers.PhoneNumber, region: str) -> None:
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    wrong_length = possible in (
        ValidationResult.TOO_SHORT,
        ValidationResult.TOO_LONG,
        ValidationResult.INVALID_LENGTH,
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
    )
    if wrong_length and region == "DK":
        raise NotANumber(NumberFault.DANISH_LENGTH, region)
    if possible in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise NotANumber(NumberFault.TOO_SHORT, region)
    if possible == ValidationResult.TOO_LONG:
        raise NotANumber(NumberFault.TOO_LONG, region)
    if wrong_length or not phonenumbers.is_valid_number(parsed):
        raise NotANumber(NumberFault.UNKNOWN, region)


def _judge_use(parsed: phonenumbers.PhoneNumber, region: str) -> None:
    if region not in settings.SMS_COUNTRIES:
        raise NotANumber(NumberFault.COUNTRY_REFUSED, region)
    kind = phonenumbers.number_type(parsed)
    if kind == PhoneNumberType.FIXED_LINE:
        raise NotANumber(NumberFault.LANDLINE, region)
    if kind not in _ALLOWED_TYPES:
        raise NotANumber(NumberFault.TYPE_REFUSED, region)


def _code_of(region: str) -> int:
    return phonenumbers.country_code_for_region(region)


def mask_number(number: PhoneNumber | Any) -> str:
    """Return the number masked except for its last two digits: "+45 •• •• •• 78"."""
    if not number:
        return ""
    return f"+{number.country_code} •• •• •• {last_two(number)}"


def last_two(number: PhoneNumber) -> str:
    """Return the last two digits, by which people recognize their number."""
    return str(number.as_e164)[-2:]


def format_number(number: PhoneNumber) -> str:
    """Return the full number, grouped as in its country.

    Show it only to the person who typed it, or to an agent with the permission `view_full_number`.
    """
    return str(number.as_international)


def as_typed(number: PhoneNumber | None) -> dict[str, str]:
    """Return the values of the form's two fields for a number; empty for None."""
    if number is None:
        return {}
    region = phonenumbers.region_code_for_number(number) or ""
    region = _PART_OF.get(region, region)
    return {"country": region, "number": str(number.as_national)}


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """Return the countries allowed for new numbers as (region, "Danmark (+45)"), Denmark first."""
    names = Locale.parse(language).territories
    listed = [(region, f"{names[region]} (+{_code_of(region)})") for region in settings.SMS_COUNTRIES]
    # Danish sorts Å after Z, and so does the order of code points.
    return sorted(listed, key=lambda item: (item[0] != "DK", item[1].casefold()))


def region_of(number: PhoneNumber) -> str:
    """Return the country of the number by its digits (ISO 3166), or 001 for none."""
    region = phonenumbers.region_code_for_number(number) or "001"
    return _PART_OF.get(region, region)


def is_home(region: str) -> bool:
    """Whether the country is at home, where text messages are cheap and most students have their phones."""
    return region in settings.SMS_HOME_COUNTRIES


def prefix_of(number: PhoneNumber) -> str:
    """Return the number without its last four digits. A range of 10,000 numbers shares it."""
    return str(number.as_e164)[:-4]


def is_allowed_country(number: PhoneNumber) -> bool:
    """Whether new numbers are allowed in the number's country."""
    return region_of(number) in settings.SMS_COUNTRIES


def country_of(number: PhoneNumber, language: str) -> str:
    """Return the name of the number's country; empty if it has none."""
    return country_name(phonenumbers.region_code_for_number(number) or "001", language)


def country_name(region: str, language: str) -> str:
    """Return the name of the country; empty if the region is not a country (001 is the world)."""
    if not region.isalpha():
        return ""
    return str(Locale.parse(language).territories.get(region, ""))
