"""Fictional people, one for each thing that a sign-in can meet."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice

from accounts import roles
from accounts.models import Account

PASSWORD = "demo-Rundetaarn-1642"  # noqa: S105 - printed at each start, on a laptop alone
CODES = 10


@dataclass(frozen=True, eq=False)
class Person:
    """One demo account; `fields` are those of `Account`."""

    username: str
    first_name: str
    last_name: str
    what: str
    fields: dict[str, Any] = field(default_factory=dict)
    password_age: timedelta = timedelta()
    role: str = ""


PEOPLE = (
    Person("frl214", "Freja", "Lund", "student", {"is_student": True}),
    Person("mib731", "Mikkel", "Bruun", "student and employee", {"is_student": True, "is_employee": True}),
    Person("kah502", "Karen", "Holm", "employee", {"is_employee": True}),
    Person("olf386", "Oliver", "Friis", "student, password 13 months old", {"is_student": True}, timedelta(days=396)),
    Person("sik947", "Signe", "Krogh", "student, disabled", {"is_student": True, "is_active": False}),
    Person("lad659", "Lærke", "Dam", "helpdesk agent", {"is_employee": True, "is_staff": True}, role=roles.HELPDESK),
    Person("jos118", "Jonas", "Skov", "administrator", {"is_employee": True, "is_staff": True, "is_superuser": True}),
)


def ensure(person: Person) -> Account:
    """Return the person's account, made if it is missing; staff have unused codes each time."""
    account = Account.objects.filter(username=person.username).first()
    if account is None:
        account = Account.objects.create_user(
            person.username,
            PASSWORD,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.username}@example.org",
            **person.fields,
        )
        account.password_changed_at = timezone.now() - person.password_age
        account.save(update_fields=["password_changed_at"])
        account.groups.set(Group.objects.filter(name=person.role))
    if account.is_staff:
        unused_codes(account)
    return account


def unused_codes(account: Account) -> list[str]:
    """Return the account's unused single-use codes, topped up to ten."""
    device, _ = StaticDevice.objects.get_or_create(user=account, defaults={"name": "demo", "confirmed": True})
    for _missing in range(CODES - device.token_set.count()):
        device.token_set.create(token=device.token_set.model.random_token())
    return list(device.token_set.values_list("token", flat=True))
