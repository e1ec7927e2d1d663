"""Codes are derived from their challenge (ASVS 6.5.3)."""

import random
import re
import secrets
from collections import Counter
from typing import Any

import pytest
from phonenumber_field.phonenumber import PhoneNumber
from pytest_django.fixtures import Settings

from mfa_sms import codes
from mfa_sms.models import Challenge, Purpose, SmsDevice
from mfa_sms.models.devices import new_nonce

OLD, NEW = "k" * 40, "n" * 40
# The 99.99 % point of chi-square. The nonces come from a fixed seed, so the result is always the same.
CHI_SQUARE_9, CHI_SQUARE_99 = 33.72, 161.3


def challenge(**fields: Any) -> Challenge:
    device = SmsDevice(pk=fields.pop("device_id", 1), number=PhoneNumber.from_string("+4526123478"))
    values = {"pk": 1, "purpose": Purpose.SIGN_IN, "nonce": b"\x01" * 32, "key_id": codes.current_key_id()}
    return Challenge(**{**values, "device": device, **fields})


def many(count: int) -> list[str]:
    nonces = random.Random(20260901)
    one = challenge()
    found = []
    for number in range(count):
        one.pk, one.nonce = number, nonces.randbytes(32)
        code = codes.derive(one)
        assert code is not None
        found.append(code)
    return found


def chi_square(counts: Counter[str], bins: int) -> float:
    expected = counts.total() / bins
    return sum((count - expected) ** 2 / expected for count in counts.values()) + expected * (bins - len(counts))


def test_asvs_6_5_3_codes_are_six_digits_and_uniform() -> None:
    found = many(10_000)
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in found)
    assert any(code.startswith("00") for code in found)
    for position in range(6):
        assert chi_square(Counter(code[position] for code in found), 10) < CHI_SQUARE_9
    assert chi_square(Counter(code[:2] for code in found), 100) < CHI_SQUARE_99
    assert chi_square(Counter(code[-2:] for code in found), 100) < CHI_SQUARE_99
    assert len(set(found)) > 9_900


def test_asvs_6_5_3_the_nonce_of_a_challenge_comes_from_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []

    def token_bytes(size: int | None = None) -> bytes:
        asked.append(size)
        return b"\x07" * (size or 0)

    monkeypatch.setattr(secrets, "token_bytes", token_bytes)
    assert Challenge().nonce == b"\x07" * 32
    assert new_nonce() == b"\x07" * 32
    assert asked == [32, 32]


def test_the_same_challenge_has_the_same_code_each_time() -> None:
    assert codes.derive(challenge()) == codes.derive(challenge())


@pytest.mark.parametrize(
    "other",
    [
        {"pk": 2},
        {"nonce": b"\x02" * 32},
        {"device_id": 2},
        {"purpose": Purpose.ENROLL},
        {"device": SmsDevice(pk=1, number=PhoneNumber.from_string("+4526123479"))},
    ],
    ids=["challenge", "nonce", "device", "purpose", "number"],
)
def test_another_challenge_device_number_or_purpose_has_another_code(other: dict[str, Any]) -> None:
    assert codes.derive(challenge(**other)) != codes.derive(challenge())


def test_another_key_makes_another_code(settings: Settings) -> None:
    settings.SMS_CODE_KEYS = [OLD]
    before = codes.derive(challenge())
    settings.SMS_CODE_KEYS = [NEW]
    assert codes.derive(challenge()) != before


def test_the_first_key_signs_and_the_older_ones_still_verify(settings: Settings) -> None:
    settings.SMS_CODE_KEYS = [OLD]
    old = challenge()
    code = codes.derive(old)
    assert code is not None
    settings.SMS_CODE_KEYS = [NEW, OLD]
    assert codes.matches(old, code)
    assert challenge().key_id != old.key_id
    assert codes.derive(challenge()) != code


def test_a_key_that_was_removed_makes_no_code_and_verifies_none(settings: Settings) -> None:
    settings.SMS_CODE_KEYS = [OLD]
    old = challenge()
    code = codes.derive(old)
    assert code is not None
    settings.SMS_CODE_KEYS = [NEW]
    assert codes.derive(old) is None
    assert not codes.matches(old, code)


def test_the_id_of_a_key_does_not_give_it_away(settings: Settings) -> None:
    settings.SMS_CODE_KEYS = [OLD]
    assert re.fullmatch(r"[0-9a-f]{16}", codes.current_key_id())


def test_a_wrong_code_does_not_match() -> None:
    code = codes.derive(challenge())
    assert code is not None
    assert codes.matches(challenge(), code)
    assert not codes.matches(challenge(), f"{(int(code) + 1) % 1_000_000:06d}")
