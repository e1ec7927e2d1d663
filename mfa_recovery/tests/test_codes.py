"""The format of a code, its hash, and the input that is accepted as a code."""

import math
import re
import secrets
from collections import Counter

import pytest

from mfa_recovery import codes
from mfa_recovery.forms import RecoveryCodeForm

CODE = "K7F3M-92QWX-4HTNB"
BARE = "K7F3M92QWX4HTNB"


def test_codes_are_three_groups_of_five_without_look_alikes() -> None:
    made = codes.new_codes(500)
    assert len(set(made)) == 500
    assert all(re.fullmatch(r"[A-HJ-NP-Z2-9]{5}(-[A-HJ-NP-Z2-9]{5}){2}", code) for code in made)


def test_nist_3_1_2_2_a_code_has_at_least_64_bits() -> None:
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 32
    assert codes.LENGTH * math.log2(len(codes.ALPHABET)) == 75


def test_every_character_is_as_likely_as_any_other() -> None:
    """Chi-square with 31 degrees of freedom: by chance, one run in ten thousand exceeds 70."""
    found = Counter("".join(codes.new_codes(4000)).replace("-", ""))
    expected = sum(found.values()) / 32
    assert set(found) == set(codes.ALPHABET)
    assert sum((count - expected) ** 2 / expected for count in found.values()) < 70


def test_chance_comes_from_the_operating_system(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(BARE)
    monkeypatch.setattr(secrets, "choice", lambda alphabet: next(drawn))
    assert codes.new_codes(1) == (CODE,)


def test_asvs_6_5_2_what_is_kept_is_a_salted_password_hash() -> None:
    first, second = codes.hash_secret_code(CODE), codes.hash_secret_code(CODE)
    assert first != second
    assert first.split("$")[0] == "md5"  # the fast hasher of the tests; kumfa.settings lists Argon2 first
    assert codes.matches_secret_code(CODE, first)
    assert codes.matches_secret_code(BARE, first)
    assert not codes.matches_secret_code("K7F3M-92QWX-4HTNC", first)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        BARE,
        CODE.lower(),
        f"  {CODE}\t",
        CODE.replace("-", " "),
        " - ".join(CODE.split("-")),
        " ".join(BARE),
        CODE.replace("-", "–"),
        CODE.replace("-", "\N{MINUS SIGN}"),
        CODE.replace("-", "\N{SOFT HYPHEN}"),
        "\N{ZERO WIDTH SPACE}".join(CODE),
        "\N{RIGHT-TO-LEFT MARK}" + CODE,
        CODE.replace("K", "Ｋ").replace("7", "７").replace("-", "－"),
    ],
)
def test_how_a_code_is_written_does_not_matter(typed: str) -> None:
    assert codes.parse_recovery_code(typed) == BARE
    form = RecoveryCodeForm({"code": typed})
    assert form.is_valid()
    assert form.cleaned_data["code"] == BARE


@pytest.mark.parametrize(
    "typed",
    ["K7F3M", BARE + "K", BARE[:-1] + "0", BARE[:-1] + "I", f"{CODE} {CODE}", f"{' '.join(CODE)}{'-' * 200}", "é" * 15],
)
def test_what_is_no_code_is_said_and_not_put_back(typed: str) -> None:
    form = RecoveryCodeForm({"code": typed})
    assert not form.is_valid()
    assert form.errors.as_data()["code"][0].code == "malformed"
    assert 'value="' not in str(form["code"])


def test_an_empty_field_is_said() -> None:
    assert RecoveryCodeForm({"code": " "}).errors.as_data()["code"][0].code == "empty"


def test_phones_do_not_change_what_is_typed() -> None:
    html = str(RecoveryCodeForm()["code"])
    for attribute in ('autocomplete="off"', 'autocapitalize="characters"', 'spellcheck="false"'):
        assert attribute in html
