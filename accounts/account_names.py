"""Account names: `abc123@alumni.ku.dk` for students, `abc123@ku.dk` for employees (guide, R3 and R4)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from django.conf import settings

_CPR = re.compile(r"\d{10}")
_BETWEEN_DIGITS = re.compile(r"[\s\-‐-―\u200b-\u200f\u2060\ufeff]+")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
MAX_LENGTH = 150


class NameFault(Enum):
    """The reason why a typed text is not an account name."""

    EMPTY = "empty"
    NO_DOMAIN = "no_domain"
    FOREIGN_DOMAIN = "foreign_domain"
    CPR = "cpr"
    MALFORMED = "malformed"


class NotAnAccountName(ValueError):
    """Raised for a text that is not an account name. `reason` says why."""

    def __init__(self, reason: NameFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class AccountName:
    """A username in lower case, and one of the two domains."""

    username: str
    domain: str

    def __str__(self) -> str:
        return f"{self.username}@{self.domain}"


def contains_cpr(text: str) -> bool:
    """Return whether the text contains ten digits like a CPR number.

    White space, hyphens and invisible characters between the digits are ignored.
    """
    return _CPR.search(_BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))) is not None


def parse_account_name(typed: str) -> AccountName:
    """Return the account name. Ignore case, white space and invisible characters.

    Raise `NotAnAccountName` if the text is not one.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", typed)).lower()
    if not text:
        raise NotAnAccountName(NameFault.EMPTY)
    if contains_cpr(text):
        raise NotAnAccountName(NameFault.CPR)
    username, at, domain = text.partition("@")
    if not at or not domain:
        raise NotAnAccountName(NameFault.NO_DOMAIN)
    domain = domain.removesuffix(".")
    if domain not in (settings.STUDENT_DOMAIN, settings.EMPLOYEE_DOMAIN):
        ours = domain.endswith(f".{settings.EMPLOYEE_DOMAIN}")
        raise NotAnAccountName(NameFault.NO_DOMAIN if ours else NameFault.FOREIGN_DOMAIN)
    if not username or len(text) > MAX_LENGTH:
        raise NotAnAccountName(NameFault.MALFORMED)
    return AccountName(username, domain)
