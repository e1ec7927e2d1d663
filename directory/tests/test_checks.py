"""`check` names the variable if the settings of the directory are incomplete or unsafe."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from directory import checks
from directory.tests.slapd import Slapd


def named() -> list[str]:
    return [str(error.msg).split()[0] for error in checks.directory_is_configured()]


def test_the_settings_of_these_tests_are_good(directory: Slapd) -> None:
    assert named() == []


def test_without_a_directory_nothing_is_asked_for(settings: Settings) -> None:
    settings.DIRECTORY_URLS = []
    assert named() == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DIRECTORY_URLS", ["dc1.ku.dk"]),
        ("DIRECTORY_URLS", ["https://dc1.ku.dk"]),
        ("DIRECTORY_URLS", ["ldapi://%2frun%2fslapd"]),
        ("DIRECTORY_KIND", "novell"),
        ("DIRECTORY_BASE", ""),
        ("DIRECTORY_BIND", "{name}@ad.ku.dk"),
        ("DIRECTORY_BIND", "@ad.ku.dk"),
        ("DIRECTORY_BIND", "{username"),
        ("DIRECTORY_READER", ""),
        ("DIRECTORY_CA_FILE", "/nowhere.pem"),
        ("DIRECTORY_PASSWORD_URL", "http://password.ku.dk"),
        ("DIRECTORY_ATTRIBUTES", {"surname": "sn"}),
        ("DIRECTORY_STUDENT", "student"),
        ("DIRECTORY_SYNC_HOURS", 0),
    ],
)
def test_a_bad_value_is_named(directory: Slapd, settings: Settings, variable: str, value: Any) -> None:
    setattr(settings, variable, value)
    assert named() == [variable]


def test_the_library_is_asked_for(directory: Slapd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "missing_library", lambda: True)
    assert named() == ["DIRECTORY_URLS"]
