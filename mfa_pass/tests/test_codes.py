"""The format of a code, its hash, and the input that is accepted as a code."""

import re

import pytest
from django.conf import settings

from common import secret_codes
from mfa_pass import codes
from mfa_pass.forms import AccessPassForm
from mfa_pass.models import AccessPass

CODE = "K7F3-92QM"
BARE = "K7F392QM"


def test_a_code_is_two_groups_of_four_without_look_alikes_40_bits() -> None:
    made = {codes.new_code() for _time in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", code) for code in made)
    assert len(secret_codes.ALPHABET) ** codes.LENGTH == 2**40


def test_asvs_6_5_2_what_is_kept_is_a_salted_password_hash() -> None:
    first, second = codes.hash_secret_code(CODE), codes.hash_secret_code(CODE)
    assert first != second
    assert first.split("$")[0] == "md5"  # the fast hasher of the tests; kumfa.settings lists Argon2 first
    assert codes.matches_secret_code(BARE, first)
    assert not codes.matches_secret_code("K7F3-92QN", first)


@pytest.mark.parametrize("typed", [CODE, BARE, CODE.lower(), f"  {CODE}\t", " ".join(BARE), CODE.replace("-", "–")])
def test_how_a_code_is_written_does_not_matter(typed: str) -> None:
    form = AccessPassForm({"code": typed})
    assert form.is_valid()
    assert form.cleaned_data["code"] == BARE


@pytest.mark.parametrize("typed", ["K7F3", f"{BARE}K", f"{BARE[:-1]}0", f"{CODE} {CODE}", "K7F3M-92QWX-4HTNB"])
def test_what_is_no_code_is_said_and_not_put_back(typed: str) -> None:
    form = AccessPassForm({"code": typed})
    assert form.errors.as_data()["code"][0].code == "malformed"
    assert 'value="' not in str(form["code"])


def test_an_empty_field_is_said() -> None:
    assert AccessPassForm({"code": " "}).errors.as_data()["code"][0].code == "empty"


def test_the_mixins_of_the_device_stand_left_of_it() -> None:
    names = [base.__name__ for base in AccessPass.__mro__]
    assert names.index("TimestampMixin") < names.index("CappedThrottlingMixin") < names.index("Device")


def test_a_pass_lives_from_ten_minutes_to_eight_hours_an_hour_unless_said_otherwise() -> None:
    lives = (settings.ACCESS_PASS_SHORTEST, settings.ACCESS_PASS_LIFE, settings.ACCESS_PASS_LONGEST)
    assert [life.total_seconds() / 60 for life in lives] == [10, 60, 480]
