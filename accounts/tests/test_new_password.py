"""The rules for new passwords (ASVS 6.2)."""

import re
import unicodedata
from typing import Any, Literal

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Account
from tests.fixtures import PASSWORD, Walk
from tests.helpers import kinds
from tests.interface import in_en

GOOD = "Kastanjer og paraplyer 17"


def submit(walk: Walk, account: Account, password: str, again: str | None = None) -> str:
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    form = walk.get(f"/password/new/{uid}/{default_token_generator.make_token(account)}/").redirect_chain[-1][0]
    data = {"new_password1": password, "new_password2": password if again is None else again}
    page: str = walk.browser.post(form, data, follow=True).content.decode()
    return page


def refusal(password: str, account: Account | None = None) -> str:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, account)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("password", ["kastanje-pær", "æøåæøåæøåæøå", "🌰🌰🌰🌰🌰🌰🌰🌰🌰🌰🌰🌰"])
def test_asvs_6_2_1_twelve_code_points_are_enough(password: str) -> None:
    assert len(password) == 12
    validate_password(password)


@pytest.mark.parametrize("password", ["kastanje-pæ", "🌰" * 11])
def test_asvs_6_2_1_eleven_are_not(password: str) -> None:
    assert "mindst 12 tegn" in refusal(password)


@pytest.mark.parametrize("length", [64, 128, 1024])
def test_asvs_6_2_1_long_ones_are_accepted(length: int) -> None:
    validate_password(("kastanje " * 200)[:length])


def test_asvs_6_2_1_what_is_longer_than_any_persons_is_refused() -> None:
    assert "højst" in refusal("kastanje " * 114)


def test_asvs_6_2_1_nothing_is_cut_off_on_the_way_from_form_to_sign_in(walk: Walk, student: Account) -> None:
    password = " kastanje og paraply, " * 40
    submit(walk, student, password)
    student.refresh_from_db()
    assert student.check_password(password)
    assert not student.check_password(password.strip())
    assert not student.check_password(password[:-1])
    walk.name(student)
    assert walk.password(password).redirect_chain[0][0] == "/sign-in/verify/"


@pytest.mark.parametrize("password", ["123456789123", "1q2w3e4r5t6y", "CORRECTHORSEBATTERYSTAPLE"])
def test_asvs_6_2_4_common_passwords_are_refused(password: str) -> None:
    assert "Mange bruger den" in refusal(password)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("Kodeord12345", "kodeord"),
        ("adgangskode12", "adgangskode"),
        ("passwordpassword", "password"),
        ("Kodeord-Kodeord-1", "kodeord"),
        ("P@ssw0rd-2026", "password"),
        ("2026!Adg@ngsk0de", "adgangskode"),
        ("hejhejhejhej", "hej"),
        ("Sommer2026!!", "sommer"),
        ("Århus" + "1" * 8, "århus"),
        ("A\u030arhus11111111", "århus"),
        ("ｋｏｄｅｏｒｄ１２３４５", "kodeord"),
    ],
)
def test_asvs_6_2_4_a_common_word_with_digits_around_it_is_refused_by_name(password: str, word: str) -> None:
    assert word in refusal(password)


def test_asvs_6_2_4_the_reason_is_said_in_both_languages() -> None:
    assert "Adgangskoden er for let at gætte: Den er ikke meget mere end" in refusal("Kodeord12345")
    with translation.override("en"):
        assert refusal("Kodeord12345") == "The password is too easy to guess: it is little more than “kodeord”."
        assert "many people use it" in refusal("1q2w3e4r5t6y")


@pytest.mark.parametrize("password", ["hestene spiser kodeord", "sommerfugle i Aarhus 3", "kode-æble-vinter-sky"])
def test_common_words_among_others_are_no_reason(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(("set_as", "typed_as"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_a_password_is_the_same_in_every_unicode_form(
    walk: Walk, student: Account, set_as: Literal["NFC", "NFD"], typed_as: Literal["NFC", "NFD"]
) -> None:
    password = "Rødgrød-med-fløde-é-Ångström-42"
    submit(walk, student, unicodedata.normalize(set_as, password))
    walk.name(student)
    response = walk.password(unicodedata.normalize(typed_as, password))
    assert response.redirect_chain[0][0] == "/sign-in/verify/"


def test_asvs_6_2_1_a_letter_with_its_accent_apart_counts_once() -> None:
    assert "mindst 12 tegn" in refusal("a\u030a" * 6)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("KU-KU-KU-2026", "ku"),
        ("København-2026", "københavn"),
        ("KØBENHAVNSUNIVERSITET", "universitet"),
        ("ＫøｂｅｎｈａｖｎＫＵ２０２６", "københavn"),
        ("Stu123Stu123", "stu123"),
        ("freja-lund-1999", "freja"),
        ("Copenhagen!!!", "copenhagen"),
    ],
)
def test_asvs_6_2_12_context_passwords_are_refused_with_the_word(student: Account, password: str, word: str) -> None:
    assert f"»{word}«" in refusal(password, student) or f"”{word}”" in refusal(password, student)


@pytest.mark.parametrize("password", ["haiku om kukkeluuren", "Freja elsker kastanjer", "københavnerstang og æbler"])
def test_asvs_6_2_12_a_word_among_others_is_no_reason(student: Account, password: str) -> None:
    validate_password(password, student)


def test_a_context_password_is_refused_without_an_account_too() -> None:
    refusal("KU-KU-KU-2026")


def test_a_refused_password_changes_nothing_and_says_why(walk: Walk, student: Account) -> None:
    page = submit(walk, student, "kort")
    assert "<title>Fejl: " in page
    assert "mindst 12 tegn" in page
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert kinds() == []


def test_a_refused_password_is_not_put_back_into_the_page(walk: Walk, student: Account) -> None:
    assert "freja-lund-1999" not in submit(walk, student, "freja-lund-1999")


def test_two_that_differ_are_refused(walk: Walk, student: Account) -> None:
    page = submit(walk, student, GOOD, GOOD + "x")
    assert "<title>Fejl: " in page
    student.refresh_from_db()
    assert student.check_password(PASSWORD)


def test_the_page_says_the_rules_before_anything_is_typed(walk: Walk, student: Account) -> None:
    assert password_validators_help_texts()
    uid = urlsafe_base64_encode(force_bytes(student.pk))
    page = walk.get(f"/password/new/{uid}/{default_token_generator.make_token(student)}/").content.decode()
    assert "12 tegn" in page


def test_asvs_6_2_7_password_managers_know_the_fields(walk: Walk, student: Account) -> None:
    uid = urlsafe_base64_encode(force_bytes(student.pk))
    page = walk.get(f"/password/new/{uid}/{default_token_generator.make_token(student)}/").content.decode()
    assert len(re.findall(r'type="password"[^>]*autocomplete="new-password"', page)) == 2
    assert 'value="stu123@alumni.ku.dk" autocomplete="username"' in page


def test_the_language_can_be_switched_without_losing_the_link(walk: Walk, student: Account) -> None:
    uid = urlsafe_base64_encode(force_bytes(student.pk))
    form = walk.get(f"/password/new/{uid}/{default_token_generator.make_token(student)}/").redirect_chain[-1][0]
    response: Any = walk.browser.post(form, {"language": "en", "new_password1": GOOD})
    page = response.content.decode()
    assert in_en("Choose a new password") in page
    assert GOOD not in page
