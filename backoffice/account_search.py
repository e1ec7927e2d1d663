"""Account search by what the owner says on the phone."""

import re

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Upper
from django.db.models.lookups import Regex

from accounts.account_names import NotAnAccountName, parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from backoffice.spellings import pattern_of, words_of
from common.references import parse_reference
from sign_in import methods

MOST = 100  # accounts; agents narrow down a longer result, and PostgreSQL would not use an index for it
_PART = 3  # letters of a trigram, as in the index
_WORDS = 10  # the longest real names; every word adds a WHERE clause and sometimes a query
_NAMES = ("username", "first_name", "last_name")
# SECURITY: the digits that every page shows. With more, an agent could find out a masked number digit by digit.
_LAST_DIGITS = re.compile(r"\d{2}", re.ASCII)
_ADDRESS = re.compile(r"[^\s<>,;:\"\0]+@[^\s<>,;:\"\0]+")


def search_condition(typed: str) -> Q:
    """Return the condition for the accounts that match the typed text.

    A text with an email address, such as "Freja Lund <frl214@alumni.ku.dk>", matches the account of that name or that
    address. Otherwise every word must match part of the username or the name, or the last 2 digits of a registered
    number. One or two letters must match the beginning, because the trigram index cannot find them elsewhere. More than
    `_WORDS` words match no account. If no account matches, other spellings of the words do (`backoffice.spellings`).

    A request's reference matches the accounts for which that request wrote a security event.
    """
    address = _ADDRESS.search(typed)
    if address is not None:
        return _of_address(address[0])
    words = words_of(typed)
    if len(words) > _WORDS:
        return Q(pk__in=[])
    found = Q()
    for word in words:
        found &= _condition(word)
    if words and not Account.objects.filter(found).exists():
        found = _of_reference(typed) or _other_spellings(words) or found
    return found


def account_ids(typed: str, most: int = MOST) -> list[int]:
    """Return the ids of at most `most` matching accounts."""
    return list(Account.objects.filter(search_condition(typed)).values_list("pk", flat=True)[:most])


def only_one(typed: str) -> int | None:
    """Return the id of the only matching account. Return None if no account or more than one matches.

    A NUL character matches no account, because PostgreSQL cannot search for it.
    """
    if not typed.strip() or "\0" in typed:
        return None
    found = account_ids(typed, 2)
    return found[0] if len(found) == 1 else None


def accounts_of_reference(reference: str) -> list[int]:
    """Return the ids of the accounts for which the request with that reference wrote a security event."""
    written = SecurityEvent.objects.filter(reference=reference, account__isnull=False).order_by()
    return list(written.values_list("account_id", flat=True).distinct()[:MOST])


def _of_address(address: str) -> Q:
    bare = address.removeprefix("mailto:").rstrip(".")
    try:
        return Q(username=parse_account_name(bare).username) | Q(email__iexact=bare)
    except NotAnAccountName:
        return Q(email__iexact=bare)


def _condition(word: str) -> Q:
    how = "icontains" if len(word) >= _PART else "istartswith"
    named = Q()
    for field in _NAMES:
        named |= Q(**{f"{field}__{how}": word})
    if not _LAST_DIGITS.fullmatch(word):
        return named
    return named | Q(pk__in=[pk for method in methods.all_methods() for pk in method.accounts_by_last_digits(word)])


def _of_reference(typed: str) -> Q | None:
    reference = parse_reference(typed)
    return Q(pk__in=accounts_of_reference(reference)) if reference else None


def _other_spellings(words: list[str]) -> Q | None:
    """Return the condition for other spellings, or None if every word is digits or too short for the index."""
    if all(word.isdigit() or len(word) < _PART for word in words):
        return None
    # SQLite knows no capitals beyond ASCII, and its expressions are Python's.
    option = "(?i)" if connection.vendor == "sqlite" else ""
    found = Q()
    for word in words:
        if word.isdigit() or len(word) < _PART:
            found &= _condition(word)
            continue
        pattern = option + pattern_of(word)
        spelled = Q()
        for field in _NAMES:
            spelled |= Q(Regex(Upper(field), pattern))
        found &= spelled
    return found
