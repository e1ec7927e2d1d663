"""The daily budget of wrong codes of an account, over all its devices and methods.

SECURITY: a right code does not refill it. So it bounds the chance that somebody with the password guesses a code, even
while the owner signs in. No one can use it up without the password. The owner's known browsers have a reserve, for the
case that a thief of the password has used up the rest.

The budget is less than half of what the chance allows, because two windows of a day can touch: the end of one and the
beginning of the next are within 24 hours.
"""

from django.dispatch import Signal

from accounts.models import Account
from limits import catalogue, counting
from limits.limit import Refusal

# Sent with `event`, that of the refused code, when the day's wrong codes are enough to notify the owner.
many_wrong_codes = Signal()


def take(account: Account, known_browser: bool) -> Refusal | None:
    """Count a wrong code before it is compared. Return the limit that refuses it, or None.

    Call it in a savepoint, and roll back to that if the code turns out to be right.
    """
    refusal = counting.take(catalogue.CODE_FAILURES_OF_ACCOUNT, str(account.pk), account_id=account.pk)
    if refusal is not None and known_browser:
        return counting.take(catalogue.CODE_FAILURES_OF_KNOWN_BROWSERS, str(account.pk), account_id=account.pk)
    return refusal


def refusal_of(account_id: int, known_browser: bool) -> Refusal | None:
    """Return the limit that refuses the account's next code, or None. Count nothing."""
    party = str(account_id)
    refusal = counting.peek((catalogue.CODE_FAILURES_OF_ACCOUNT, party))
    if refusal is not None and known_browser:
        return counting.peek((catalogue.CODE_FAILURES_OF_KNOWN_BROWSERS, party))
    return refusal


def is_notice_due(account: Account) -> bool:
    """Return whether the wrong code that was just counted is the one at which the owner is notified."""
    used = counting.used(catalogue.CODE_FAILURES_OF_ACCOUNT, str(account.pk))
    return used == catalogue.CODE_FAILURES_BEFORE_NOTICE.number
