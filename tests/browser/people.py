"""Students of the browser tests' own, and the phones that receive their messages.

Each test takes students that no other test has, so that no test depends on another's messages, limits or wrong codes.
"""

import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kumfa.settings import BASE_DIR

PASSWORD = "en-lang-adgangskode-til-browseren"
PATIENCE = 20.0  # seconds that anything may take on a busy machine
_EACH = 80

# Run by the portal's own `manage.py shell`: one hash for all, since each costs a twentieth of a second.
_MAKE = """
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from accounts.models import Account
from mfa_sms.models import SmsDevice

common = {{"password": make_password({password!r}), "password_changed_at": timezone.now(), "is_student": True}}
people = {people!r}
accounts = Account.objects.bulk_create(Account(username=username, **common) for username, _, _ in people)
SmsDevice.objects.bulk_create(
    SmsDevice(user=account, number=number, confirmed=True)
    for account, (_, number, enrolled) in zip(accounts, people)
    if enrolled
)
"""

# Makes a sign-in an hour older than it is.
_AGE = """
from accounts.sessions.database import SessionStore

session = SessionStore({key!r})
pending = session["pending_sign_in"]
session["pending_sign_in"] = {{**pending, "started_at": pending["started_at"] - 3600}}
session.save()
"""


@dataclass(frozen=True)
class Student:
    """An account of the tests; `number` is what a Dane types."""

    username: str
    number: str
    enrolled: bool

    @property
    def account_name(self) -> str:
        """The name that the student signs in with."""
        return f"{self.username}@alumni.ku.dk"

    @property
    def e164(self) -> str:
        """The number as messages are sent to it."""
        return f"+45{self.number}"

    @property
    def written(self) -> str:
        """The whole number as a page shows it."""
        return "+45 " + " ".join(re.findall("..", self.number))

    @property
    def masked(self) -> str:
        """The number as a page shows it where only its end may be seen."""
        return f"+45 •• •• •• {self.number[-2:]}"


class People:
    """All students of one portal, handed out one by one."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._new = self._some("nye", "2612", enrolled=False)
        self._enrolled = self._some("har", "2613", enrolled=True)
        everyone = [*self._new, *self._enrolled]
        people = [(student.username, student.e164, student.enrolled) for student in everyone]
        run_in_portal(env, _MAKE.format(password=PASSWORD, people=people))
        self._next_new: Iterator[Student] = iter(self._new)
        self._next_enrolled: Iterator[Student] = iter(self._enrolled)

    def student(self) -> Student:
        """Return a student who has no method yet."""
        return next(self._next_new)

    def enrolled(self) -> Student:
        """Return a student whose phone is registered."""
        return next(self._next_enrolled)

    def age_sign_in(self, session_key: str) -> None:
        """Make the sign-in that a session has begun an hour older."""
        run_in_portal(self._env, _AGE.format(key=session_key))

    @staticmethod
    def _some(prefix: str, digits: str, *, enrolled: bool) -> list[Student]:
        return [Student(f"{prefix}{index:03}", f"{digits}{index + 1000:04}", enrolled) for index in range(_EACH)]


def run_in_portal(env: dict[str, str], code: str) -> None:
    """Run Python with the portal's settings, in a process of its own."""
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code]
    subprocess.run(command, cwd=BASE_DIR, env=env, check=True, stdin=subprocess.DEVNULL)


@dataclass(frozen=True)
class Phone:
    """The messages to one number: those that were asked for, and those that came."""

    var: Path
    e164: str

    @property
    def asked_for(self) -> int:
        """How many messages were asked for; a row is there before the page that asked for it has answered."""
        with closing(sqlite3.connect(f"file:{self.var}/kumfa.sqlite3?mode=ro", uri=True, timeout=PATIENCE)) as database:
            query = "SELECT count(*) FROM mfa_sms_textmessage WHERE number = ?"
            return int(database.execute(query, (self.e164,)).fetchone()[0])

    @property
    def received(self) -> list[str]:
        """The texts so far, oldest first."""
        path = self.var / "messages.jsonl"
        if not path.exists():
            return []
        messages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        return [message["text"] for message in messages if message["to"] == self.e164]

    def text(self, nth: int = 1) -> str:
        """Wait for the nth message, and return it."""
        wait_for(lambda: len(self.received) >= nth, f"message {nth} to {self.e164}")
        return self.received[nth - 1]

    def code(self, nth: int = 1) -> str:
        """Wait for the nth message, and return its code."""
        found = re.search(r"\d{6}", self.text(nth))
        assert found
        return found[0]

    def wrong_code(self, nth: int = 1) -> str:
        """Wait for the nth message, and return six digits that are not its code."""
        return f"{(int(self.code(nth)) + 1) % 10**6:06}"


def wait_for(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until it is so, but not for long."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.05)
