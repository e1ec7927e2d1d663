"""A running slapd and a running Samba, and the settings that use them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import pytest
from pytest_django.fixtures import Settings

from directory.tests import samba, slapd
from sign_in import password_source

# Without python-ldap only `test_library.py` is collected, which reports that.
collect_ignore_glob = [] if find_spec("ldap") else ["test_[!l]*.py"]

PASSWORD = "rødgrød-med-fløde-é-Ångström"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[slapd.Slapd]:
    """Yield a slapd that runs during all of these tests. Each test adds people of its own."""
    if not slapd.INSTALLED:
        pytest.skip(slapd.MISSING)
    found = slapd.Slapd(tmp_path_factory.mktemp("slapd"))
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def domain_controller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[samba.Samba]:
    """Yield a Samba that runs during all of its tests. Each test adds people of its own."""
    if not samba.INSTALLED or os.geteuid() != 0:
        pytest.skip(samba.MISSING if os.geteuid() == 0 else "Samba needs root, to listen on port 636")
    found = samba.Samba(tmp_path_factory.mktemp("samba"))
    found.start()
    yield found
    found.stop()


@pytest.fixture
def active_directory(domain_controller: samba.Samba, settings: Settings) -> Iterator[samba.Samba]:
    """Let the portal use the running Samba."""
    settings.DIRECTORY_URLS = [domain_controller.url]
    settings.DIRECTORY_CA_FILE = str(domain_controller.ca)
    settings.DIRECTORY_BASE = samba.BASE
    settings.DIRECTORY_BIND = f"{{username}}@{samba.REALM.lower()}"
    settings.DIRECTORY_READER = samba.READER
    settings.DIRECTORY_READER_PASSWORD = samba.READER_PASSWORD
    settings.DIRECTORY_STUDENT = "title=student"
    settings.DIRECTORY_EMPLOYEE = "title=employee"
    with _used():
        yield domain_controller


@pytest.fixture
def directory(server: slapd.Slapd, settings: Settings) -> Iterator[slapd.Slapd]:
    """Let the portal use the running slapd."""
    settings.DIRECTORY_URLS = [server.url]
    settings.DIRECTORY_KIND = "openldap"
    settings.DIRECTORY_CA_FILE = str(server.ca)
    settings.DIRECTORY_BASE = slapd.BASE
    settings.DIRECTORY_READER = slapd.READER
    settings.DIRECTORY_READER_PASSWORD = slapd.READER_PASSWORD
    settings.DIRECTORY_STUDENT = "employeeType=student"
    settings.DIRECTORY_EMPLOYEE = "employeeType=employee"
    settings.DIRECTORY_PASSWORD_URL = "https://password.example.org/"
    with _used():
        yield server


@contextmanager
def _used() -> Iterator[None]:
    """Check passwords in the directory of the settings, and forget earlier servers."""
    from directory import servers
    from directory.passwords import DirectoryPasswords

    former = password_source.current()
    password_source.use(DirectoryPasswords())
    servers.forget()
    yield
    servers.forget()
    password_source.use(former)
