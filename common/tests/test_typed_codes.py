"""Typed or pasted text is read as six digits, or as no code."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import typed_codes
from mfa_sms import texts
from mfa_sms.models import Purpose

MEGABYTE = 1_000_000
# About as many combining characters as the largest accepted request body can contain.
COMBINING = "\u0316\u0301" * 16_000


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_whole_message_is_read(purpose: Purpose, language: str) -> None:
    assert typed_codes.parse_code(texts.compose(purpose, language, "012345", "sms-login.ku.dk")) == "012345"


@pytest.mark.parametrize(
    "typed",
    [
        "123456",
        " 123456\n",
        "#123456",
        "123 456",
        "12 34 56",
        "1 2 3 4 5 6",
        "123-456",
        "123\u2013456",
        "123\u2014456",
        "123.456",
        "(123) 456",
        "[123456]",
        "{123456}",
        "\uff11\uff12\uff13\uff14\uff15\uff16",
        "\u0661\u0662\u0663\u0664\u0665\u0666",
        "\u0967\u0968\u0969\u096a\u096b\u096c",
        "123\u200b456",
        "\u2066123456\u2069",
        "\ufeff123456",
        "123\u00a0456",
        "123\u202f456",
        "\tKode: 123456.",
        "Din kode er 123 456, del den ikke",
        "Din kode er 123-456.",
        "@sms-login.ku.dk #123456",
        "123456 er din kode. Ring 35 32 32 32",
        "123456 er din kode. Ring 35323232",
        "Ring +4535323232. Koden er 123456",
        "Ring 353 232 32 eller brug 123456",
        "123456 er din engangskode. 123456",
        "999999 er en anden kode.\n@sms-login.ku.dk #123456",
    ],
)
def test_six_digits_are_found(typed: str) -> None:
    assert typed_codes.parse_code(typed) == "123456"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "12345",
        "1234567",
        "#12345",
        "#1234567",
        "abcdef",
        "12345a",
        "123 45",
        "123 4567",
        "kode",
        "111111 eller 222222",
        "#111111 #222222",
        "Ring 35323232",
        "Ring 35 32 32 32",
        "Ring +45 35 32 32 32",
        "Ring +4535323232",
        "Kl. 10.15",
        "\u00bd\u00bd\u00bd",
        "\x00",
        "\ud800",
    ],
)
def test_anything_but_six_digits_is_not_read(typed: str) -> None:
    assert typed_codes.parse_code(typed) is None


@pytest.mark.parametrize("typed", [123456, None, 12.5, b"123456", ["123456"], {"code": "12345"}])
def test_what_is_no_text_does_not_raise(typed: object) -> None:
    assert typed_codes.parse_code(typed) in (None, "123456")


@given(st.one_of(st.text(), st.text(alphabet="0123456789 #-\u00a0\u200b.\u0661"), st.binary(), st.integers()))
def test_nothing_makes_it_raise_or_return_other_than_six_digits(typed: Any) -> None:
    code = typed_codes.parse_code(typed)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdecimal())


@pytest.mark.parametrize(
    "junk",
    [
        "1" * MEGABYTE,
        "123 " * (MEGABYTE // 4),
        "a" * MEGABYTE,
        "#" * MEGABYTE,
        " " * MEGABYTE,
        "1 " * (MEGABYTE // 2),
        "#12345" * (MEGABYTE // 6),
        "\u200b" * MEGABYTE,
        COMBINING,
    ],
    ids=["digits", "threes", "letters", "signs", "spaces", "pairs", "almost", "zero-width", "combining"],
)
def test_junk_is_refused_quickly(junk: str) -> None:
    begin = time.process_time()
    assert typed_codes.parse_code(junk) is None
    assert time.process_time() - begin < (0.25 if junk is COMBINING else 10)
