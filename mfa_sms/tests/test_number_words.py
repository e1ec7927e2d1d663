"""How numbers and countries are shown."""

import re

import pytest
from phonenumber_field.phonenumber import PhoneNumber
from pytest_django.fixtures import Settings

from mfa_sms import numbers
from mfa_sms.method import METHOD
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import html, queued
from tests.fixtures import Walk

ALL = ["+4526123478", "+3546111234", "+4915123456789", "+447400123456", "+35799123456", "+4232345678"]


@pytest.mark.parametrize("e164", ALL)
def test_a_mask_shows_the_country_code_and_two_digits(e164: str) -> None:
    number = PhoneNumber.from_string(e164)
    masked = numbers.mask_number(number)
    assert masked == f"+{number.country_code} •• •• •• {e164[-2:]}"
    shown = re.sub(r"\D", "", masked.removeprefix(f"+{number.country_code}"))
    assert len(shown) == 2


def test_no_number_is_masked_as_nothing() -> None:
    assert numbers.mask_number(None) == ""


def test_a_full_number_is_grouped_as_in_its_country() -> None:
    assert numbers.format_number(PhoneNumber.from_string("+4526123478")) == "+45 26 12 34 78"


def test_the_words_for_a_device_show_two_digits(phone: SmsDevice) -> None:
    assert METHOD.prompt(phone).seen == "Send sms til +45 •• •• •• 78"
    assert METHOD.prompt(phone).spoken == "Send sms til +45, nummeret der ender på 78"
    assert METHOD.describe(phone).seen == "+45 •• •• •• 78"
    assert METHOD.describe(phone).spoken == "nummeret, der ender på 78"
    assert str(phone) == "+45 •• •• •• 78"


def test_rows_name_no_number_when_they_are_printed(phone: SmsDevice) -> None:
    message = queued(phone)
    for row in (phone, message, message.challenge):
        assert "2612" not in f"{row} {row!r}"


@pytest.mark.parametrize("path", ["/sign-in/verify/", "/sign-in/verify/code/"])
def test_no_page_of_the_sign_in_shows_the_number(walk: Walk, phone: SmsDevice, path: str) -> None:
    walk.to_code(phone)
    assert "26123478" not in re.sub(r"\D", "", html(walk.get(path)).partition("<main")[2])


@pytest.mark.parametrize(
    ("language", "first", "last", "some"),
    [
        ("da", ("DK", "Danmark (+45)"), "Østrig (+43)", [("DE", "Tyskland (+49)"), ("GB", "Storbritannien (+44)")]),
        ("en", ("DK", "Denmark (+45)"), "United Kingdom (+44)", [("AT", "Austria (+43)"), ("CH", "Switzerland (+41)")]),
    ],
)
def test_countries_are_named_in_the_language_of_the_page_with_denmark_first(
    settings: Settings, language: str, first: tuple[str, str], last: str, some: list[tuple[str, str]]
) -> None:
    listed = numbers.countries(language)
    assert listed[0] == first
    assert listed[-1][1] == last
    assert set(some) < set(listed)
    names = [name.casefold() for _region, name in listed[1:]]
    assert names == sorted(names)
    assert {region for region, _name in listed} == set(settings.SMS_COUNTRIES)


def test_the_page_selects_denmark(walk: Walk, phone: SmsDevice) -> None:
    phone.delete()
    page = html(walk.to_password(phone.user).get("/enroll/phone/"))
    assert '<option value="DK" selected>Danmark (+45)</option>' in page


def test_a_region_without_a_name_has_none() -> None:
    assert numbers.country_name("ZZZ", "da") == ""
