"""Which numbers are accepted, and the errors for the others."""

import contextlib
import time

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms import numbers
from mfa_sms.models import SmsDevice
from mfa_sms.numbers import NotANumber, NumberFault
from mfa_sms.tests.helpers import html
from tests.fixtures import Walk

REFUSED = "Vi kan ikke sende koder til dette nummer"


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("26123478", "DK", "+4526123478"),
        ("26 12 34 78", "DK", "+4526123478"),
        ("004526123478", "DK", "+4526123478"),
        ("0045 26 12 34 78", "DE", "+4526123478"),
        ("+45 26.12.34.78", "SE", "+4526123478"),
        ("+45 (26) 12-34-78", "DK", "+4526123478"),
        ("[26] 12/34_78", "DK", "+4526123478"),
        ("26\u00a012\u202f34\u201378", "DK", "+4526123478"),
        ("\u200e26123478\u200b", "DK", "+4526123478"),
        ("\uff12\uff16\uff11\uff12\uff13\uff14\uff17\uff18", "DK", "+4526123478"),
        ("\uff0b4526123478", "DK", "+4526123478"),
        ("\u0662\u0666\u0661\u0662\u0663\u0664\u0667\u0668", "DK", "+4526123478"),
        ("32 42 11 11", "DK", "+4532421111"),
        ("+46 70 123 45 67", "DK", "+46701234567"),
        ("070-123 45 67", "SE", "+46701234567"),
        ("+49 151 23456789", "DK", "+4915123456789"),
        ("+44 7400 123456", "DK", "+447400123456"),
        ("+47 412 34 567", "DK", "+4741234567"),
        ("+47 479 12 345", "DK", "+4747912345"),
        ("+358 457 1234567", "DK", "+3584571234567"),
        ("+354 611 1234", "DK", "+3546111234"),
    ],
)
def test_a_mobile_number_is_accepted_however_it_is_written(typed: str, region: str, e164: str) -> None:
    assert numbers.parse_number(typed, region).as_e164 == e164


@pytest.mark.parametrize(
    ("typed", "region", "fault", "of"),
    [
        ("", "DK", NumberFault.EMPTY, ""),
        (" -.() ", "DK", NumberFault.EMPTY, ""),
        ("2612347", "DK", NumberFault.DANISH_LENGTH, "DK"),
        ("261234789", "DK", NumberFault.DANISH_LENGTH, "DK"),
        ("+45 2612347", "SE", NumberFault.DANISH_LENGTH, "DK"),
        ("26 12 34 7B", "DK", NumberFault.LETTERS, "DK"),
        ("0800-FLOWERS", "DE", NumberFault.LETTERS, "DE"),
        ("+", "DK", NumberFault.LETTERS, "DK"),
        ("26+123478", "DK", NumberFault.LETTERS, "DK"),
        ("00", "DK", NumberFault.UNKNOWN, "DK"),
        ("0", "SE", NumberFault.UNKNOWN, "SE"),
        ("+4670123", "DK", NumberFault.TOO_SHORT, "SE"),
        ("070123456789012", "SE", NumberFault.TOO_LONG, "SE"),
        ("9" * 60, "DK", NumberFault.TOO_LONG, "DK"),
        ("9" * 60_000, "DK", NumberFault.TOO_LONG, "DK"),
        ("+999 123", "DK", NumberFault.UNKNOWN, "DK"),
        ("+46 0", "DK", NumberFault.TOO_SHORT, "DK"),
        ("00 99 12345678", "DK", NumberFault.UNKNOWN, "DK"),
        ("+46 8 123 456 78", "DK", NumberFault.LANDLINE, "SE"),
        ("030 123456", "DE", NumberFault.LANDLINE, "DE"),
        ("+47 79 02 12 34", "DK", NumberFault.LANDLINE, "NO"),
        ("+358 18 12345", "DK", NumberFault.LANDLINE, "FI"),
        ("+1 212 555 0123", "DK", NumberFault.COUNTRY_REFUSED, "US"),
        ("+1 212 736 5000", "DK", NumberFault.COUNTRY_REFUSED, "US"),
        ("+380 50 123 4567", "DK", NumberFault.COUNTRY_REFUSED, "UA"),
        ("+44 7797 712345", "DK", NumberFault.COUNTRY_REFUSED, "JE"),
        ("070 1234 5678", "GB", NumberFault.TYPE_REFUSED, "GB"),
        ("+44 870 123 4567", "DK", NumberFault.TYPE_REFUSED, "GB"),
        ("+44 843 123 4567", "DK", NumberFault.TYPE_REFUSED, "GB"),
        ("+44 56 1234 5678", "DK", NumberFault.TYPE_REFUSED, "GB"),
        ("90 12 34 56", "DK", NumberFault.TYPE_REFUSED, "DK"),
        ("80 12 34 56", "DK", NumberFault.TYPE_REFUSED, "DK"),
        ("+44 800 123 4567", "DK", NumberFault.TYPE_REFUSED, "GB"),
        ("+44 55 1234 5678", "DK", NumberFault.TYPE_REFUSED, "GB"),
        ("+44 7640 123456", "DK", NumberFault.TYPE_REFUSED, "GB"),
    ],
)
def test_another_number_is_refused_with_the_reason(typed: str, region: str, fault: NumberFault, of: str) -> None:
    with pytest.raises(NotANumber) as refused:
        numbers.parse_number(typed, region)
    assert (refused.value.fault, refused.value.region) == (fault, of)


@given(st.text(max_size=40) | st.text(alphabet="+0123456789 -()", max_size=30), st.sampled_from(["DK", "SE", "GB"]))
def test_nothing_makes_it_raise_anything_else(typed: str, region: str) -> None:
    with contextlib.suppress(NotANumber):
        assert numbers.parse_number(typed, region).is_valid()


@pytest.mark.parametrize(
    "junk", ["a" * 60_000, "+" * 60_000, " " * 60_000, "\u0316\u0301" * 16_000], ids=["a", "+", " ", "combining"]
)
def test_junk_is_refused_quickly(junk: str) -> None:
    begin = time.process_time()
    with pytest.raises(NotANumber):
        numbers.parse_number(junk, "DK")
    assert time.process_time() - begin < 0.25


@pytest.mark.parametrize(
    ("typed", "country", "said"),
    [
        ("", "DK", "Indtast dit mobilnummer."),
        ("2612347", "DK", "Et dansk mobilnummer har 8 cifre."),
        ("kun mig", "DK", "Et telefonnummer består kun af cifre."),
        ("+4670123", "DK", "Nummeret har for få cifre (Sverige)."),
        ("070123456789012", "SE", "Nummeret har for mange cifre (Sverige)."),
        ("030 123456", "DE", "Det er et fastnetnummer. Indtast et mobilnummer."),
        ("+99 123", "DK", "Nummeret findes ikke. Tjek cifrene og landekoden."),
    ],
)
def test_a_slip_is_said_at_the_field_with_whom_to_call(
    walk: Walk, student: Account, typed: str, country: str, said: str
) -> None:
    response = walk.to_password(student).number(typed, country)
    page = html(response)
    assert response.status_code == 200
    assert said in page
    assert "35\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32\N{NO-BREAK SPACE}32" in page
    assert "<title>Fejl: " in page
    assert not SmsDevice.objects.exists()
    assert walk.outbox.messages == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("+1 212 736 5000", "Vi sender ikke koder til numre i USA."),
        ("90 12 34 56", "Det er ikke et almindeligt mobilnummer, så det kan ikke bruges til koder."),
    ],
)
def test_a_country_or_type_that_is_not_allowed_is_a_page(walk: Walk, student: Account, typed: str, why: str) -> None:
    response = walk.to_password(student).number(typed)
    assert response.status_code == 422
    assert REFUSED in html(response)
    assert why in html(response)
    assert walk.outbox.messages == []


def test_a_satellite_number_is_in_no_country(walk: Walk, student: Account) -> None:
    response = walk.to_password(student).number("+870 773 111 632")
    assert response.status_code == 422
    assert REFUSED in html(response)
    assert "Verden" not in html(response)


@pytest.mark.parametrize("country", ["", "US", "XX", "DK" * 1000])
def test_a_country_that_is_not_in_the_list_is_refused(walk: Walk, student: Account, country: str) -> None:
    page = html(walk.to_password(student).number(country=country))
    assert "Vælg en landekode" in page
    assert walk.outbox.messages == []


_TYPES = {value: name for name, value in vars(PhoneNumberType).items() if isinstance(value, int)}


@pytest.mark.parametrize("kind", sorted(_TYPES), ids=lambda kind: _TYPES[kind].lower())
def test_of_all_types_only_mobile_and_fixed_or_mobile_are_taken(kind: int, settings: Settings) -> None:
    settings.SMS_COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
    examples = [phonenumbers.example_number_for_type(region, kind) for region in settings.SMS_COUNTRIES]
    taken = 0
    for number in (example for example in examples if example is not None):
        if phonenumbers.number_type(number) != kind:
            continue
        with contextlib.suppress(NotANumber):
            numbers.parse_number(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), "DK")
            taken += 1
    assert (taken > 0) == (kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE))


@pytest.mark.parametrize(("typed", "e164"), [("+299 22 12 34", "+299221234"), ("+298 211234", "+298211234")])
def test_numbers_of_the_whole_danish_realm_are_taken(typed: str, e164: str) -> None:
    assert numbers.parse_number(typed, "DK").as_e164 == e164


def test_the_page_of_a_refused_number_offers_the_app(walk: Walk, student: Account) -> None:
    response = walk.to_password(student).number("070 1234 5678", "GB")
    assert response.status_code == 422
    assert 'href="/enroll/app/"' in response.content.decode()
    assert walk.outbox.messages == []
