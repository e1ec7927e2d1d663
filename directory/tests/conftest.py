"""A running slapd with some people, and the settings that use it."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from pytest_django.fixtures import Settings

from directory.tests import slapd
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


@pytest.fixture
def directory(server: slapd.Slapd, settings: Settings) -> Iterator[slapd.Slapd]:
    """Let the portal use the running slapd."""
    from directory import servers
    from directory.passwords import DirectoryPasswords

    settings.DIRECTORY_URLS = [server.url]
    settings.DIRECTORY_KIND = "openldap"
    settings.DIRECTORY_CA_FILE = str(server.ca)
    settings.DIRECTORY_BASE = slapd.BASE
    settings.DIRECTORY_READER = slapd.READER
    settings.DIRECTORY_READER_PASSWORD = slapd.READER_PASSWORD
    settings.DIRECTORY_STUDENT = "employeeType=student"
    settings.DIRECTORY_EMPLOYEE = "employeeType=employee"
    settings.DIRECTORY_PASSWORD_URL = "https://password.example.org/"
    former = password_source.current()
    password_source.use(DirectoryPasswords())
    servers.forget()
    yield server
    servers.forget()
    password_source.use(former)
