"""Redaction of log lines: numbers and named secrets are masked, and ids stay whole."""

import pytest
from django.urls import reverse

from kumfa.logs.redaction import redact, redact_error, redact_sql


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to +4526123478", "to ••78"),
        ("to +45 26 12 34 78.", "to ••78."),
        ("to 26123478", "to ••78"),
        ("to 26 12 34 78", "to ••78"),
        ("cpr 010190-1234", "cpr ••••••-••••"),
        ("cpr 0101901234", "cpr ••••••-••••"),
        ("https://sms.example.org/?to=4526123478&x=1", "https://sms.example.org/?to=••••••-••••&x=1"),
        ("two: +4526123478, 26123479", "two: ••78, ••79"),
    ],
)
def test_asvs_16_2_5_numbers_are_masked(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize("text", ["26-12-34-78", "26.12.34.78", "(+45) 26\u00a012\u00a034\u00a078", "010190 1234"])
def test_asvs_16_2_5_numbers_are_masked_however_they_are_written(text: str) -> None:
    masked = redact(text)
    assert "12" not in masked
    assert "34" not in masked


@pytest.mark.parametrize(
    "text",
    [
        "message 42",
        "2026-03-02 12:00:10",
        "2026-03-02T12:00:10.250+00:00",
        "reference K7F3-92",
        "port 5672",
        "1234567",
        "Task mfa_sms.sweep_messages[12345678-1234-4567-8901-123456789012] received",
        "client-request-id 00000000-1111-2222-3333-444444444444",
        "seal 1234567890123456789012345678901a",
        "no answer of 192.168.100.200:5432",
        "status code: 500",
    ],
)
def test_ids_times_and_what_is_short_stay_readable(text: str) -> None:
    assert redact(text) == text


def test_asvs_16_2_5_an_id_beside_a_number_hides_no_digit_of_it() -> None:
    masked = redact("12345678-1234-4567-8901-123456789012 26123478 12345678-1234-4567-8901-123456789012-26123478")
    assert "26123478" not in masked


@pytest.mark.parametrize(
    "text",
    [
        "https://sms.example.org/send?user=ku&password=hemmelig&x=1",
        "https://login.example.org/token?code=hemmelig&state=1",
        "http://sms.example.org:13013/?text=hemmelig",
        "kannel://ku:hemmelig@sms.example.org:13013",
        "{'password': 'hemmelig', 'user': 'ku'}",
        '{"client_secret":"hemmelig","user":"ku"}',
        "('refresh_token', 'hemmelig')",
        "access_token=hemmelig",
        "csrfmiddlewaretoken='hemmelig'",
        "Authorization: Bearer hemmelig-hemmelig",
        "sent with Bearer hemmelig-hemmelig",
        "Cookie: __Host-session=hemmelig; language=da",
        "PASSWORD = hemmelig",
    ],
)
def test_asvs_16_2_5_a_value_that_is_named_as_secret_is_masked(text: str) -> None:
    masked = redact(text)
    assert "hemmelig" not in masked
    assert "••••" in masked


def test_asvs_16_2_5_a_link_that_is_a_credential_is_masked() -> None:
    for address in (
        reverse("sign_in:password_new", args=["MQ", "hemmelig"]),
        reverse("notices:report", args=["hemmelig"]),
    ):
        assert "hemmelig" not in redact(f"Not Found: {address}")


def test_asvs_16_2_5_the_values_that_postgresql_quotes_are_masked() -> None:
    error = 'duplicate key value violates unique constraint "number"\nDETAIL:  Key (name)=(hemmelig) already exists.'
    assert redact(error) == 'duplicate key value violates unique constraint "number"\nDETAIL: ••••'


@pytest.mark.parametrize(
    "text",
    ["invalid literal for int() with base 10: '123456'", "123456 is wrong", "wrong: K7Q2 '9XM4'", "123 456", "'a b c'"],
)
def test_asvs_16_2_5_an_exception_quotes_nothing_that_may_be_a_code(text: str) -> None:
    masked = redact_error(text)
    assert "••••" in masked
    for part in ("123", "456", "9XM4", "a b c"):
        assert part not in masked


@pytest.mark.parametrize(
    "text",
    [
        'relation "accounts_account" does not exist',
        "'NoneType' object has no attribute 'pk'",
        "[Errno 2] No such file or directory: '/etc/kumfa/env'",
        "can't connect, it doesn't answer",
        "task 12345678-1234-4567-8901-123456789012 is unknown",
    ],
)
def test_an_exception_still_says_what_is_wrong(text: str) -> None:
    assert redact_error(text) == text


def test_asvs_16_2_5_a_statement_has_no_literals() -> None:
    statement = "UPDATE x SET number = '+4526123478', note = 'it''s 123456', key = X'0a1b' WHERE id = 42"
    assert redact_sql(statement) == "UPDATE x SET number = '?', note = '?', key = X'?' WHERE id = 42"
