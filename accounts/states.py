"""The states of an account that restrict its password and its methods.

- Protected: a method was confirmed at some time. From then on, a password alone enrolls nothing.
- Reported: the owner said "It was not me", and the helpdesk has not closed the case.
- Blocked: no sign-in, until the helpdesk lifts the block or its end is reached.
- Deactivated by an administrator: inactive, regardless of imports, until an administrator reactivates it.
- Password must be renewed: the password is not accepted until a new one is set with a link from an email.

The functions that change a state write no event and end no session. Their callers do both in the same transaction, and
hold the lock on the account.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import Account

# What `may_continue` reads, for queries that load only some columns.
COLUMNS = ("is_active", "blocked_at", "blocked_until", "must_renew_since")


def is_blocked(account: Account) -> bool:
    """Return whether the account is blocked now."""
    return account.blocked_at is not None and (account.blocked_until is None or timezone.now() < account.blocked_until)


def is_open(account: Account) -> bool:
    """Return whether the account is active and not blocked."""
    return account.is_active and not is_blocked(account)


def may_continue(account: Account) -> bool:
    """Return whether a sign-in, a session or a grant of the account may go on."""
    return is_open(account) and account.must_renew_since is None


def blocked_condition() -> Q:
    """Return the condition for accounts that are blocked now."""
    return Q(blocked_at__isnull=False) & (Q(blocked_until=None) | Q(blocked_until__gt=timezone.now()))


def protect(account_id: int) -> None:
    """Record that a method of the account was confirmed, unless that is already known.

    SECURITY: nothing ever deletes this. Otherwise an attacker with the password could enroll a method once the owner's
    devices are removed, forbidden or reset.
    """
    Account.objects.filter(pk=account_id, protected_since=None).update(protected_since=timezone.now())


def report(account: Account) -> None:
    """Record that the owner reported a misuse, which also makes the password prove nothing."""
    account.reported_at = account.reported_at or timezone.now()
    account.save(update_fields=["reported_at"])
    require_new_password(account)


def end_report(account: Account) -> None:
    """Record that the helpdesk has closed the account's last report. A password must still be renewed."""
    account.reported_at = None
    account.save(update_fields=["reported_at"])


def block(account: Account, until: datetime | None) -> None:
    """Block the account, until a moment or until the block is lifted."""
    account.blocked_at, account.blocked_until = timezone.now(), until
    account.save(update_fields=["blocked_at", "blocked_until"])


def unblock(account: Account) -> None:
    account.blocked_at = account.blocked_until = None
    account.save(update_fields=["blocked_at", "blocked_until"])


def deactivate(account: Account) -> None:
    """Deactivate the account, so that no import reactivates it."""
    account.is_active, account.deactivated_at = False, timezone.now()
    account.save(update_fields=["is_active", "deactivated_at"])


def reactivate(account: Account) -> None:
    """Activate the account, regardless of who deactivated it."""
    account.is_active, account.deactivated_at = True, None
    account.save(update_fields=["is_active", "deactivated_at"])


def require_new_password(account: Account) -> None:
    """Make the present password prove nothing. Only `renew_password` ends this."""
    account.must_renew_since = account.must_renew_since or timezone.now()
    account.save(update_fields=["must_renew_since"])


def renew_password(account: Account, password: str) -> None:
    """Set a new password that the owner has chosen with a link from an email."""
    account.set_password(password)
    account.must_renew_since = None
    account.save(update_fields=["password", "password_changed_at", "must_renew_since"])


def password_seen(account: Account, changed_at: datetime | None) -> None:
    """Record when a right password was set in the university's directory. None is a password of this portal.

    A password that was set after a new one was required satisfies that.
    """
    if changed_at is None or changed_at == account.password_changed_at:
        return
    account.password_changed_at = changed_at
    if account.must_renew_since is not None and changed_at > account.must_renew_since:
        account.must_renew_since = None
    account.save(update_fields=["password_changed_at", "must_renew_since"])
