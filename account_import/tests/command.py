"""Files for `manage.py import_accounts`, and what it has changed."""

from collections.abc import Callable
from typing import Any

from account_import import events as import_events
from accounts.models import Account
from audit.models import SecurityEvent

CPR = "010190-1234"

Import = Callable[..., str]


def snapshot() -> tuple[list[Any], int]:
    return list(Account.objects.order_by("pk").values_list()), SecurityEvent.objects.count()


def reasons(username: str) -> list[str]:
    events = SecurityEvent.objects.filter(account__username=username, kind=import_events.ACCOUNT_IMPORTED)
    return list(events.order_by("pk").values_list("reason", flat=True))


def many(count: int) -> list[str]:
    return [f"many{number:03},Maja,Holm,,1,0," for number in range(count)]


def account(username: str = "abc123", **fields: Any) -> Account:
    return Account.objects.create_user(username, **{"is_student": True, **fields})
