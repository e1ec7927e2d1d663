"""Students and employees of the browser tests, and the phones that receive their messages.

Each test uses people that no other test uses. So no test depends on the messages, limits or wrong codes of another
test.
"""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tests.portal_shell import run_in_portal

PASSWORD = "en-lang-adgangskode-til-browseren"
PATIENCE = 20.0  # seconds to wait for anything on a busy machine
_EACH = 120
_EMPLOYEES = 10
_CODE = re.compile(r"\d{6}")

# The portal's shell runs this. All accounts share one hash, because each hash takes 50 ms.
_MAKE = """
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from accounts.models import Account
from mfa_sms.models import SmsDevice

common = {{"password": make_password({password!r}), "password_changed_at": timezone.now(), "first_name": "Alma"}}
people = {people!r}
accounts = Account.objects.bulk_create(Account(**common, **fields) for fields, _ in people)
SmsDevice.objects.bulk_create(
    SmsDevice(user=account, number=number, confirmed=True) for account, (_, number) in zip(accounts, people) if number
)
"""

_ADD_PHONE = """
from accounts.models import Account
from mfa_sms.models import SmsDevice

SmsDevice.objects.create(user=Account.objects.get(username={username!r}), number={number!r}, confirmed=True)
"""

# Makes a sign-in one hour older.
_AGE = """
from sessions.database import SessionStore

session = SessionStore({key!r})
pending = session["pending_sign_in"]
session["pending_sign_in"] = {{**pending, "started_at": pending["started_at"] - 3600}}
session.save()
"""

# Makes the verification of a second factor too old for a sensitive change.
_AGE_PROOF = """
from sessions.database import SessionStore

session = SessionStore({key!r})
session["proven"] = {{**session["proven"], "at": session["proven"]["at"] - 1300}}
session.save()
"""


# Starts a campaign for one person, so that the pages of other people stay the same.
#
# The deadline is `days` from now; a negative number means a past deadline.
_CAMPAIGN = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Account
from campaigns.models import EnrollmentCampaign

now = timezone.now()
fields = {{
    "audience": "listed",
    "opens_at": now - timedelta(days=30),
    "deadline": now + timedelta(days={days}),
    "text_da": "Alle studerende skal have to-faktor-login.",
    "text_en": "All students must have two-factor login.",
    "remind_days": "14, 7, 1",
}}
campaign, _made = EnrollmentCampaign.objects.update_or_create(name={username!r}, defaults=fields)
campaign.members.get_or_create(account=Account.objects.get(username={username!r}))
"""


@dataclass(frozen=True)
class Person:
    """An account of the tests. `number` is a Danish number without its country code.

    `enrolled` says whether the number is registered from the start.
    """

    username: str
    number: str
    enrolled: bool
    domain: ClassVar[str]
    affiliation: ClassVar[str]

    @property
    def account_name(self) -> str:
        """The name that the person enters at sign-in."""
        return f"{self.username}@{self.domain}"

    @property
    def mail_address(self) -> str:
        return f"{self.username}@example.org"

    @property
    def e164(self) -> str:
        """The number in the form that gateways receive."""
        return f"+45{self.number}"

    @property
    def written(self) -> str:
        """The whole number as a page shows it."""
        return "+45 " + " ".join(re.findall("..", self.number))

    @property
    def masked(self) -> str:
        """The number as a page shows it masked."""
        return f"+45 •• •• •• {self.number[-2:]}"

    @property
    def fields(self) -> dict[str, object]:
        """The fields for the creation of the account."""
        return {"username": self.username, "email": self.mail_address, self.affiliation: True}


class Student(Person):
    """A person who may use SMS."""

    domain = "alumni.ku.dk"
    affiliation = "is_student"


class Employee(Person):
    """A person who may not use SMS."""

    domain = "ku.dk"
    affiliation = "is_employee"


class People:
    """All people of one portal. Each method returns a person that it did not return before."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        # New numbers are even and registered numbers are odd, so the masked numbers of one person always differ. New
        # numbers have many prefixes, because the codes to new numbers are limited for each prefix.
        new = [Student(f"nye{index:03}", f"26{20 + index % 50}{2 * index + 1000}", False) for index in range(_EACH)]
        enrolled = [Student(f"har{index:03}", f"2613{2 * index + 1001}", True) for index in range(_EACH)]
        employees = [Employee(f"ans{index:03}", f"2614{2 * index + 1000}", False) for index in range(_EMPLOYEES)]
        everyone = [*new, *enrolled, *employees]
        make_people(env, everyone)
        self._new: Iterator[Student] = iter(new)
        self._enrolled: Iterator[Student] = iter(enrolled)
        self._employees: Iterator[Employee] = iter(employees)

    def student(self) -> Student:
        """Return a student without a login method."""
        return next(self._new)

    def enrolled(self) -> Student:
        """Return a student with a registered phone."""
        return next(self._enrolled)

    def employee(self) -> Employee:
        """Return an employee without a login method."""
        return next(self._employees)

    def add_phone(self, person: Person) -> None:
        """Register one more phone for a person, with an unused number."""
        run_in_portal(self._env, _ADD_PHONE.format(username=person.username, number=self.student().e164))

    def must_enroll(self, person: Person, days: int) -> None:
        """Require a person to enroll within this many days. A second call moves the deadline."""
        run_in_portal(self._env, _CAMPAIGN.format(username=person.username, days=days))

    def age_sign_in(self, session_key: str) -> None:
        """Make the pending sign-in of a session one hour older."""
        run_in_portal(self._env, _AGE.format(key=session_key))

    def age_proof(self, session_key: str) -> None:
        """Make the last second factor of a session too old for a sensitive change."""
        run_in_portal(self._env, _AGE_PROOF.format(key=session_key))


def make_people(env: dict[str, str], everyone: Sequence[Person]) -> None:
    """Create the accounts of people, and the phones of those that are enrolled."""
    people = [(person.fields, person.e164 if person.enrolled else "") for person in everyone]
    run_in_portal(env, _MAKE.format(password=PASSWORD, people=people))


@dataclass(frozen=True)
class Phone:
    """The messages to one number: requested codes, received codes, and notices."""

    var: Path
    e164: str

    @property
    def asked_for(self) -> int:
        """The number of requested codes. The row exists before the page that requested the code has answered."""
        query = "SELECT count(*) FROM mfa_sms_textmessage WHERE number = ? AND purpose != 'notice'"
        return int(ask_database(self.var, query, self.e164)[0][0])

    @property
    def received(self) -> list[str]:
        """The texts with a code, oldest first."""
        return [text for text in self._texts() if _CODE.search(text)]

    @property
    def notices(self) -> list[str]:
        """The texts without a code, oldest first."""
        return [text for text in self._texts() if not _CODE.search(text)]

    def notice(self) -> str:
        """Wait for the first notice, and return it."""
        wait_for(lambda: bool(self.notices), f"a notice to {self.e164}")
        return self.notices[0]

    def _texts(self) -> list[str]:
        path = self.var / "messages.jsonl"
        if not path.exists():
            return []
        messages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        return [message["text"] for message in messages if message["to"] == self.e164]

    def text(self, nth: int = 1) -> str:
        """Wait for the nth message with a code, and return it."""
        wait_for(lambda: len(self.received) >= nth, f"message {nth} to {self.e164}")
        return self.received[nth - 1]

    def code(self, nth: int = 1) -> str:
        """Wait for the nth message with a code, and return its code."""
        found = _CODE.search(self.text(nth))
        assert found
        return found[0]

    def wrong_code(self, nth: int = 1) -> str:
        """Wait for the nth message with a code, and return six digits that differ from its code."""
        return f"{(int(self.code(nth)) + 1) % 10**6:06}"


def ask_database(var: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query in the portal's database."""
    with closing(sqlite3.connect(f"file:{var}/kumfa.sqlite3?mode=ro", uri=True, timeout=PATIENCE)) as database:
        return database.execute(query, values).fetchall()


def wait_for(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until the condition is true. Fail after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.05)
