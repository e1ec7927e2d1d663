"""The format of account names (guide, R3)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.account_names import AccountName, NameFault, NotAnAccountName, contains_cpr, parse_account_name

DOMAINS = ["alumni.ku.dk", "ku.dk"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_username_with_one_of_the_two_domains_is_an_account_name(domain: str) -> None:
    assert parse_account_name(f"abc123@{domain}") == AccountName("abc123", domain)


@pytest.mark.parametrize(
    "typed",
    [
        "ABC123@KU.DK",
        "  abc123@ku.dk\t",
        "abc 123 @ ku.dk",
        "abc123\u00a0@ku.dk",
        "abc\u200b123@ku.dk\ufeff",
        "\u200eabc123@ku.dk\u2060",
        "ａｂｃ１２３＠ｋｕ．ｄｋ",
    ],
)
def test_case_white_space_invisible_and_full_width_characters_do_not_matter(typed: str) -> None:
    assert str(parse_account_name(typed)) == "abc123@ku.dk"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", NameFault.EMPTY),
        (" \u200b ", NameFault.EMPTY),
        ("abc123", NameFault.NO_DOMAIN),
        ("abc123@", NameFault.NO_DOMAIN),
        ("abc123@gmail.com", NameFault.FOREIGN_DOMAIN),
        ("abc123@evil.ku.dk", NameFault.NO_DOMAIN),
        ("abc123@ku.dk@ku.dk", NameFault.FOREIGN_DOMAIN),
        ("@ku.dk", NameFault.MALFORMED),
        (f"{'a' * 150}@ku.dk", NameFault.MALFORMED),
        ("0101901234", NameFault.CPR),
        ("010190-1234", NameFault.CPR),
        ("010190 1234@ku.dk", NameFault.CPR),
        ("０１０１９０－１２３４", NameFault.CPR),
        ("01 01 90 12 34", NameFault.CPR),
    ],
)
def test_what_is_not_an_account_name_has_a_reason(typed: str, fault: NameFault) -> None:
    with pytest.raises(NotAnAccountName) as refused:
        parse_account_name(typed)
    assert refused.value.reason is fault


def test_a_refusal_does_not_quote_what_was_typed() -> None:
    with pytest.raises(NotAnAccountName) as refused:
        parse_account_name("010190-1234")
    assert "1234" not in repr(refused.value)


@pytest.mark.parametrize("text", ["0101901234", "010190-1234", "010190 1234", "x010190-1234@ku.dk"])
def test_a_cpr_number_is_seen(text: str) -> None:
    assert contains_cpr(text)


@pytest.mark.parametrize("text", ["abc123@ku.dk", "abc12345@ku.dk", "123456", ""])
def test_a_username_is_no_cpr_number(text: str) -> None:
    assert not contains_cpr(text)


@given(st.text())
def test_parsing_raises_nothing_but_its_own_refusal(typed: str) -> None:
    with contextlib.suppress(NotAnAccountName):
        name = parse_account_name(typed)
        assert name.domain in DOMAINS
        assert parse_account_name(str(name)) == name


@given(st.text(alphabet="abc@ku.d \u200b0123456789-", max_size=30), st.sampled_from(DOMAINS))
def test_a_name_that_was_parsed_is_parsed_again_to_itself(typed: str, domain: str) -> None:
    with contextlib.suppress(NotAnAccountName):
        assert str(parse_account_name(str(parse_account_name(f"{typed}@{domain}")))) == str(
            parse_account_name(f"{typed}@{domain}")
        )


def test_the_domains_are_those_of_the_settings(settings: Settings) -> None:
    settings.STUDENT_DOMAIN = "stud.example.dk"
    assert parse_account_name("abc123@stud.example.dk").domain == "stud.example.dk"
    with pytest.raises(NotAnAccountName):
        parse_account_name("abc123@alumni.ku.dk")
