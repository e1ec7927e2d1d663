"""Account search by what the owner says on the phone."""

import re

from django.db.models import Q

from accounts.account_names import NotAnAccountName, parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from common.references import is_reference
from sign_in import methods

MOST = 100  # accounts; agents narrow down a longer result, and PostgreSQL would not use an index for it
_PART = 3  # letters of a trigram, as in the index
_WORDS = 10  # the longest real names; every word adds a WHERE clause and sometimes a query
# SECURITY: the digits that every page shows. With more, an agent could find out a masked number digit by digit.
_LAST_DIGITS = re.compile(r"\d{2}", re.ASCII)


def search_condition(typed: str) -> Q:
    """Return the condition for the accounts that match the typed text.

    An account name with its domain matches one account. Otherwise every word must match part of the username or the
    name, or the last 2 digits of a registered number. One or two letters must match the beginning, because the
    trigram index cannot find them elsewhere. More than `_WORDS` words match no account.

    A request's reference matches the accounts for which that request wrote a security event.
    """
    try:
        return Q(username=parse_account_name(typed).username)
    except NotAnAccountName:
        words = typed.split()
        found = Q() if len(words) <= _WORDS else Q(pk__in=[])
        for word in words[:_WORDS]:
            found &= _condition(word)
        return found


def account_ids(typed: str) -> list[int]:
    """Return the ids of at most `MOST` matching accounts."""
    return list(Account.objects.filter(search_condition(typed)).values_list("pk", flat=True)[:MOST])


def only_one(typed: str) -> int | None:
    """Return the id of the only matching account. Return None if no account or more than one matches.

    A NUL character matches no account, because PostgreSQL cannot search for it.
    """
    if not typed.strip() or "\0" in typed:
        return None
    found = list(Account.objects.filter(search_condition(typed)).values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def _condition(word: str) -> Q:
    how = "icontains" if len(word) >= _PART else "istartswith"
    named = Q()
    for field in ("username", "first_name", "last_name"):
        named |= Q(**{f"{field}__{how}": word})
    if is_reference(word.upper()):
        written = SecurityEvent.objects.filter(reference=word.upper(), account__isnull=False)
        return named | Q(pk__in=list(written.values_list("account_id", flat=True)[:MOST]))
    if not _LAST_DIGITS.fullmatch(word):
        return named
    return named | Q(pk__in=[pk for method in methods.all_methods() for pk in method.accounts_by_last_digits(word)])
