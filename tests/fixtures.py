"""Shared fixtures: accounts, a test client that behaves like a browser, and the outbox of text messages."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from phonenumber_field.phonenumber import PhoneNumber
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Account
from common import publishing
from mfa_sms.models import SmsDevice
from notices import banners, mailing
from sign_in import journeys
from sign_in.methods import policies
from tests import databases

PASSWORD = "en-lang-adgangskode-til-test"
NUMBER = "+4526123478"

MakeAccount = Callable[..., Account]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of a second run of the same tests, on another database."""
    parser.addoption("--database-only", action="store_true", help="run only the tests that use the test database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the files that start portals, browsers or workers first. A late start of such a file would prolong the whole
    run.
    """
    if config.getoption("--database-only"):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = filter(_uses_database, items)
    slow = {item.path for item in items if any(item.get_closest_marker(name) for name in ("browser", "broker"))}
    items.sort(key=lambda item: item.path not in slow)


def _uses_database(item: pytest.Item) -> bool:
    """Return whether a test uses the test database."""
    fixtures = {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
    unittest = issubclass(getattr(item, "cls", None) or object, TestCase)
    return bool(fixtures or unittest or item.get_closest_marker("django_db"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Create the test database as a copy. pytest-django would migrate an empty one in each worker."""
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with ExitStack() as run:
        with django_db_blocker.unblock():
            _reserve(name, run)
            with databases.prepared(name):
                made = setup_databases(verbosity=0, interactive=False, keepdb=True)
        yield
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


def _reserve(name: str, run: ExitStack) -> None:
    """Reserve the test database for the run, or end the run: hundreds of errors would not say why."""
    try:
        run.enter_context(databases.reserved(name))
    except databases.InUse as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture(autouse=True)
def _danish() -> Iterator[None]:
    """Start each test in Danish, independent of the language that the previous test activated."""
    policies.forget()
    banners.show_none()
    with translation.override("da"):
        yield
    cache.close()


@pytest.fixture(autouse=True)
def _nothing_known_of_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test without the state that a process remembers of the broker and of the mail server."""
    monkeypatch.setattr(publishing, "_publisher", publishing.Publisher())
    monkeypatch.setattr(mailing, "server", mailing.MailServer())


@pytest.fixture
def make_account(db: None) -> MakeAccount:
    """Return a function that creates an account with the password `PASSWORD`."""

    def make(username: str, **fields: Any) -> Account:
        fields = {"email": f"{username}@example.org", "first_name": "Freja", "last_name": "Lund", **fields}
        return Account.objects.create_user(username, fields.pop("password", PASSWORD), **fields)

    return make


@pytest.fixture
def student(make_account: MakeAccount) -> Account:
    """Return a student without a login method."""
    return make_account("stu123", is_student=True)


@pytest.fixture
def student_employee(make_account: MakeAccount) -> Account:
    """Return a student who is also an employee."""
    return make_account("ste456", is_student=True, is_employee=True)


@pytest.fixture
def employee(make_account: MakeAccount) -> Account:
    return make_account("emp789", is_employee=True)


@pytest.fixture
def helpdesk(make_account: MakeAccount) -> Account:
    """Return a helpdesk agent."""
    return make_account("hlp234", is_employee=True, is_staff=True)


@pytest.fixture
def administrator(make_account: MakeAccount) -> Account:
    return make_account("adm567", is_employee=True, is_staff=True, is_superuser=True)


@pytest.fixture
def phone(student: Account) -> SmsDevice:
    """Return the confirmed phone of the student."""
    return confirmed_phone(student)


def confirmed_phone(account: Account, number: str = NUMBER) -> SmsDevice:
    """Give the account a confirmed phone and return the device."""
    device = SmsDevice(user=account, number=PhoneNumber.from_string(number), confirmed=True)
    device.save()
    return device


@dataclass
class Outbox:
    """The messages of the file gateway, oldest first."""

    path: Path

    @property
    def messages(self) -> list[dict[str, str]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    @property
    def codes(self) -> list[str]:
        """The codes of all messages. Messages without a code are skipped."""
        return [match[1] for message in self.messages if (match := re.search(r"#(\d{6})$", message["text"]))]


@pytest.fixture(autouse=True)
def sms_outbox(settings: Settings, tmp_path: Path) -> Outbox:
    """Send all text messages of a test to a separate file."""
    path = tmp_path / "messages.jsonl"
    settings.SMS_GATEWAYS = [f"file://{path}"]
    return Outbox(path)


class Browser(Client):
    """A test client that runs on-commit callbacks, such as enqueued tasks, after each request."""

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        """Make a request, then run the tasks that it enqueued."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)  # type: ignore[return-value]


@dataclass
class Walk:
    """Walks through the guide's steps over HTTP, one method per page.

    A method for a page returns the response to its POST, after redirects.
    """

    outbox: Outbox
    browser: Browser = field(default_factory=Browser)
    journey: str = ""  # the beginning of the path, such as `/j/3kTq8vWcRz1M`

    def name(self, account: Account | str, next_url: str = "") -> Any:
        """Enter the account name (E1, S1)."""
        name = str(account.account_name) if isinstance(account, Account) else account
        self.journey = ""
        return self._post("/sign-in/", account_name=name, next=next_url)

    def password(self, password: str = PASSWORD) -> Any:
        """Enter the password (E2, S2)."""
        return self._post("/sign-in/password/", password=password)

    def number(self, number: str = "26 12 34 78", country: str = "DK") -> Any:
        """Enter the phone number (E6)."""
        return self._post("/enroll/phone/", country=country, number=number)

    def enroll_code(self, code: str | None = None) -> Any:
        """Enter the enrollment code (E8). Default: the last code received."""
        return self._post("/enroll/phone/code/", code=code or self.outbox.codes[-1])

    def done(self) -> Any:
        """Confirm the end of enrollment (E9)."""
        return self._post("/enroll/done/")

    def send(self, device: SmsDevice) -> Any:
        """Choose a device and request a code (E10, S3)."""
        return self._post("/sign-in/verify/send/", device=device.persistent_id)

    def code(self, code: str | None = None) -> Any:
        """Enter the sign-in code (E11, S4). Default: the last code received."""
        return self._post("/sign-in/verify/code/", code=code or self.outbox.codes[-1])

    def stay(self, answer: str = "no") -> Any:
        """Answer the question about "remember me" (E12, S5)."""
        return self._post("/sign-in/stay/", stay=answer)

    def get(self, path: str) -> Any:
        """Open a page and follow redirects."""
        in_journey = path.startswith(("/sign-in/", "/enroll/"))
        return self._stay_in_journey(self.browser.get(self.journey * in_journey + path, follow=True))

    def to_password(self, account: Account) -> "Walk":
        """Walk until the password was accepted."""
        self.name(account)
        self.password()
        return self

    def to_code(self, device: SmsDevice) -> "Walk":
        """Walk until a code was sent to a confirmed device."""
        self.to_password(device.user)
        self.send(device)
        return self

    def signed_in(self, device: SmsDevice) -> "Walk":
        """Walk through the whole sign-in."""
        self.to_code(device)
        self.code()
        self.stay()
        return self

    def enrolled(self, account: Account, number: str = "26 12 34 78") -> SmsDevice:
        """Walk through enrollment and return the device."""
        self.to_password(account)
        self.number(number)
        self.enroll_code()
        device: SmsDevice = SmsDevice.objects.get(user=account, confirmed=True)
        return device

    def _post(self, path: str, **data: str) -> Any:
        return self._stay_in_journey(self.browser.post(self.journey + path, data, follow=True))

    def _stay_in_journey(self, response: Any) -> Any:
        """Post the next form to the journey to which the response has led."""
        path = response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"]
        handle, _path = journeys.split(path)
        self.journey = f"/j/{handle}" if handle else ""
        return response


@pytest.fixture
def walk(sms_outbox: Outbox, db: None) -> Walk:
    """Return a walk: a person with a browser and a phone."""
    return Walk(sms_outbox)


@pytest.fixture
def another_walk(sms_outbox: Outbox, db: None) -> Walk:
    """Return a second browser, of the same or another person."""
    return Walk(sms_outbox)
