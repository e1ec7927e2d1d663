"""Servers that are down, silent or have a wrong certificate: no one can log in, and nothing leaks or hangs."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import gettext
from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from directory.tests.conftest import PASSWORD
from directory.tests.people import add
from directory.tests.slapd import Slapd, free_port, make_certificates
from limits.models import LimitCounter
from sign_in.password_check import PasswordOutcome, check_password
from tests.fixtures import MakeAccount, Walk

# Twice the time that the portal gives all servers together: enough to tell a limit from none on a busy machine.
BOUND = 6.0


@pytest.fixture
def silent() -> Iterator[str]:
    """Yield the address of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"ldaps://127.0.0.1:{listening.getsockname()[1]}"


def outcome(username: str) -> PasswordOutcome:
    return check_password(parse_account_name(f"{username}@alumni.ku.dk"), PASSWORD, ClientInfo()).outcome


def test_if_no_server_answers_the_page_says_so_and_nothing_is_counted(
    directory: Slapd, student: Account, walk: Walk, settings: Settings
) -> None:
    settings.DIRECTORY_URLS = [f"ldaps://127.0.0.1:{free_port()}"]
    walk.name(student)
    page = walk.password(PASSWORD)
    assert page.status_code == 503
    assert gettext("We cannot check your password right now") in page.content.decode()
    assert SecurityEvent.objects.get().reason == "unavailable"
    assert not LimitCounter.objects.filter(limit__startswith="password", count__gt=0).exists()


def test_an_unknown_name_gets_the_same_page_while_the_directory_is_down(
    directory: Slapd, db: None, settings: Settings
) -> None:
    settings.DIRECTORY_URLS = [f"ldaps://127.0.0.1:{free_port()}"]
    assert outcome("nobody9") is PasswordOutcome.UNAVAILABLE


def test_a_silent_server_is_given_up_and_the_next_one_asked(
    directory: Slapd, make_account: MakeAccount, settings: Settings, silent: str
) -> None:
    settings.DIRECTORY_URLS = [silent, directory.url]
    make_account("silent", is_student=True)
    add(directory, "silent")
    assert outcome("silent") is PasswordOutcome.RIGHT


def test_silent_servers_together_take_a_limited_time(
    directory: Slapd, student: Account, settings: Settings, silent: str
) -> None:
    settings.DIRECTORY_URLS = [silent, silent.replace("127.0.0.1", "localhost")]
    begun = time.monotonic()
    assert outcome(student.username) is PasswordOutcome.UNAVAILABLE
    assert time.monotonic() - begun < BOUND


def test_a_server_with_a_certificate_of_someone_else_gets_no_password(
    directory: Slapd, make_account: MakeAccount, settings: Settings, tmp_path: Path
) -> None:
    make_certificates(tmp_path)
    settings.DIRECTORY_CA_FILE = str(tmp_path / "ca.pem")
    make_account("mitm01", is_student=True)
    add(directory, "mitm01")
    assert outcome("mitm01") is PasswordOutcome.UNAVAILABLE


def test_a_server_without_ldaps_is_used_with_start_tls(
    directory: Slapd, make_account: MakeAccount, settings: Settings, tmp_path: Path
) -> None:
    settings.DIRECTORY_URLS = [directory.url_for_start_tls]
    make_account("start1", is_student=True)
    add(directory, "start1")
    assert outcome("start1") is PasswordOutcome.RIGHT
    make_certificates(tmp_path)
    settings.DIRECTORY_CA_FILE = str(tmp_path / "ca.pem")
    assert outcome("start1") is PasswordOutcome.UNAVAILABLE
