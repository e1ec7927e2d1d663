"""Who someone is, where they are signed in, and what happened to the account."""

from accounts.models.accounts import USERNAME_PATTERN, Account, AccountManager
from accounts.models.events import AppendOnly, EventSeal, SecurityEvent, SecurityEventQuerySet
from accounts.models.notices import Case, Notice
from accounts.models.policies import MethodPolicy
from accounts.models.sessions import Session

__all__ = [
    "USERNAME_PATTERN",
    "Account",
    "AccountManager",
    "AppendOnly",
    "Case",
    "EventSeal",
    "MethodPolicy",
    "Notice",
    "SecurityEvent",
    "SecurityEventQuerySet",
    "Session",
]
