"""Fictional people, one for each situation at sign-in."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice

from accounts.models import Account
from backoffice import roles

PASSWORD = "demo-Rundetaarn-1642"  # noqa: S105 - printed at each start, on a laptop only
CODES = 10


@dataclass(frozen=True, eq=False)
class Person:
    """One demo account: `what` describes it, `fields` are fields of `Account`, `role` is its group."""

    username: str
    first_name: str
    last_name: str
    what: str
    fields: dict[str, Any] = field(default_factory=dict)
    password_age: timedelta = timedelta()
    role: str = ""


AGENT = Person("lad659", "Lærke", "Dam", "helpdesk agent", {"is_employee": True}, role=roles.HELPDESK)
LEAD = Person("mea275", "Mette", "Aagaard", "helpdesk lead", {"is_employee": True}, role=roles.LEAD)
AUDITOR = Person("pen840", "Peter", "Nørgaard", "auditor", {"is_employee": True}, role=roles.AUDITOR)
ADMINISTRATOR = Person("jos118", "Jonas", "Skov", "administrator", {"is_employee": True}, role=roles.ADMINISTRATOR)
PEOPLE = (
    Person("frl214", "Freja", "Lund", "student", {"is_student": True}),
    Person("mib731", "Mikkel", "Bruun", "student and employee", {"is_student": True, "is_employee": True}),
    Person("kah502", "Karen", "Holm", "employee", {"is_employee": True}),
    Person("olf386", "Oliver", "Friis", "student, password 13 months old", {"is_student": True}, timedelta(days=396)),
    Person("sik947", "Signe", "Krogh", "student, disabled", {"is_student": True, "is_active": False}),
    # Translators edit the files in locale/. Their role opens /words/, and nothing of the admin.
    Person("anh163", "Anna", "Holst", "translator", {"is_employee": True}, role=roles.TRANSLATOR),
    AGENT,
    LEAD,
    AUDITOR,
    ADMINISTRATOR,
)
# In the history this lead requests an approval, which the other lead may give.
SECOND_LEAD = Person("ber482", "Bente", "Riis", "helpdesk lead", {"is_employee": True}, role=roles.LEAD)


def ensure(person: Person) -> Account:
    """Return the person's account. Create it with its role if it is missing. Staff always have unused codes."""
    account = Account.objects.filter(username=person.username).first()
    if account is None:
        account = Account.objects.create_user(
            person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.username}@example.org",
            **person.fields,
        )
        account.password = password_hash()
        account.password_changed_at = timezone.now() - person.password_age
        account.save(update_fields=["password", "password_changed_at"])
        if person.role:
            call_command("give_role", person.username, person.role, stdout=io.StringIO())
            account.refresh_from_db()
    if account.is_staff:
        unused_codes(account)
    return account


@cache
def password_hash() -> str:
    """Return a hash of the demo's password, the same for all accounts of a process, because each is slow to make."""
    return make_password(PASSWORD)


def unused_codes(account: Account) -> list[str]:
    """Return the account's unused single-use codes, topped up to `CODES`."""
    device, _ = StaticDevice.objects.get_or_create(user=account, defaults={"name": "demo", "confirmed": True})
    for _missing in range(CODES - device.token_set.count()):
        device.token_set.create(token=device.token_set.model.random_token())
    return list(device.token_set.values_list("token", flat=True))
