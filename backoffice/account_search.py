"""Finding an account by what its owner says on the phone."""

import re

from django.db.models import Q

from accounts.account_names import NotAnAccountName, parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from common.references import is_reference
from sign_in import methods

MOST = 100  # accounts; who searches for more narrows it down, and for more no index would be followed
_PART = 3  # letters, as the index has them
_WORDS = 10  # the longest names; each is a condition on every account, and some a query
# SECURITY: with more digits, a masked number could be told digit by digit; and no address may hold a whole one.
_LAST_DIGITS = re.compile(r"\d{2,4}", re.ASCII)


def search_condition(typed: str) -> Q:
    """Return the condition of the accounts that are meant.

    An account name with its domain is one account. Of anything else, each word must be part of the username or the
    name, or be the last 2 to 4 digits of a registered number. One or two letters must be the beginning: an index of
    three letters each finds nothing shorter elsewhere. More words than a name has mean nobody. A reference means the
    accounts of which the request with that reference wrote a security event.
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
    """Return the ids of at most `MOST` accounts that are meant."""
    return list(Account.objects.filter(search_condition(typed)).values_list("pk", flat=True)[:MOST])


def only_one(typed: str) -> int | None:
    """Return the id of the one account that is meant, None where there are others or none.

    Nobody is meant by what PostgreSQL cannot look for.
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
