"""docs/security.md names tests that exist, has a row for each requirement that a test is named after, and computes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from common import secret_codes, typed_codes
from kumfa.settings import BASE_DIR
from mfa_pass import codes as pass_codes
from mfa_recovery import codes as recovery_codes
from mfa_totp import matching
from sign_in import methods

PAGE = BASE_DIR / "docs/security.md"
MOST = 1e-4  # the chance of a right guess in any 24 hours (K3)
_TEST = re.compile(r"^ *def (test_\w+)", re.MULTILINE)
_REQUIREMENT = re.compile(r"test_(?:(asvs|n)_((?:\d+_)+)|(k\d)_)(?=[a-z])")


def folders() -> list[Path]:
    return [path for path in BASE_DIR.iterdir() if path.is_dir() and not path.name.startswith(".")]


@pytest.fixture(scope="module")
def tests() -> set[str]:
    """Return the names of all tests."""
    files = [path for folder in folders() for path in folder.rglob("test_*.py")]
    return {name for path in files for name in _TEST.findall(path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def rows() -> dict[str, str]:
    """Return the text of each row by its first cell."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {line.split("|")[1].strip(): line for line in lines}


def test_each_test_that_the_page_names_exists(tests: set[str], rows: dict[str, str]) -> None:
    named = {name for row in rows.values() for name in re.findall(r"`(test_\w+)`", row)}
    assert len(named) > 80
    assert named - tests == set()


def test_each_requirement_that_a_test_is_named_after_has_a_row_with_such_a_test(
    tests: set[str], rows: dict[str, str]
) -> None:
    found = [match for name in tests if (match := _REQUIREMENT.match(name))]
    prefixes = {match[0].removesuffix("_") for match in found if match[0] != "test_asvs_7_4_"}
    assert len(prefixes) > 40
    page = "\n".join(rows.values())
    # A row such as "16.4.2, 16.4.3" stands for both, so each needs a test of its own in that row.
    assert {prefix for prefix in prefixes if not re.search(rf"`{prefix}_[a-z]", page)} == set()


def test_k3_no_method_can_be_guessed_with_a_chance_of_1_in_10_000_in_24_hours(rows: dict[str, str]) -> None:
    # Two windows can touch within 24 hours, so all of both are counted.
    guesses = 2 * (settings.CODE_FAILURES_PER_DAY + settings.CODE_FAILURES_KNOWN_PER_DAY)
    letters = len(secret_codes.ALPHABET)
    chances = {
        # Each guess is compared with one app, so more apps do not help.
        "mfa_totp": guesses * (2 * matching.TOLERANCE + 1) / 10**matching.DIGITS,
        "mfa_sms": guesses / 10**typed_codes.DIGITS,
        "mfa_pass": guesses / letters**pass_codes.LENGTH,
        "mfa_recovery": guesses * settings.RECOVERY_CODES / letters**recovery_codes.LENGTH,
    }
    demo = {"otp_static"}
    assert {method.slug for method in methods.all_methods()} - demo == set(chances)
    assert {slug: chance < MOST for slug, chance in chances.items()} == dict.fromkeys(chances, True)
    assert {slug: rows[f"`{slug}`"].split("|")[2].strip() for slug in chances} == {
        slug: f"{chance:.1e}" for slug, chance in chances.items()
    }
