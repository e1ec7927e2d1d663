"""Notes and case numbers may contain dates, times and names, but no CPR number, code or phone number."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override

from helpdesk.models import ActionRecord
from helpdesk.note_checks import check_case_number, check_note
from helpdesk.tests.people import do, words
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser
from tests.helpers import picture

FORBIDDEN = {
    "Do not write a CPR number in the note.": [
        "CPR 010190-1234",
        "cpr 0101901234",
        "CPR ０１０１９０１２３４",
    ],
    "Do not write a code in the note. “%(piece)s” looks like one.": [
        "koden var 123456",
        "koden var 123 456",
        "123-456",
        "123\u2011456",
        "123\u00a0456",
        "12\u200b3456",
        "１２３４５６",
        "12 34 56",
        "1 2 3 4 5 6",
        "12.34.56",
        "K7F3-92QM",
        "K7F3 92QM",
        "ABCDE-FGH23-KLM45",
    ],
    "Do not write a phone number in the note. “%(piece)s” looks like one.": ["26123478", "26 12 34 78"],
}
PAIRS = [(note, message) for message, notes in FORBIDDEN.items() for note in notes]


@pytest.mark.parametrize(("note", "message"), PAIRS)
def test_a_note_takes_no_cpr_number_no_code_and_no_phone_number(note: str, message: str) -> None:
    with override("en"):
        start, _piece, end = gettext(message).partition("%(piece)s")
        with pytest.raises(ValidationError) as refused:
            check_note(note)
        (said,) = refused.value.messages
    assert said.startswith(start)
    assert said.endswith(end)


def test_the_message_names_the_piece() -> None:
    with pytest.raises(ValidationError, match="12 34 56"):
        check_note("Ringede 27.11.26 og sagde 12 34 56")


def test_the_page_keeps_the_note_that_was_refused(desk: Browser, phone: SmsDevice) -> None:
    before = picture()
    assert "koden var 123456" in words(do(desk, phone.user, "unlock", note="koden var 123456"))
    assert picture() == before


@pytest.mark.parametrize(
    "note",
    [
        "Ringede 27.11.26",
        "Ringede 27-11-26",
        "Ringede kl. 14.05 den 22-11-2026",
        "Pas udløber 12.05.31",
        "kl. 10.15 30 min.",
        "14.30 15.10",
        "2026-11-28 10:15",
        "den 1/9-2026 kl. 9:30",
        "Studiekort 123456",
        "Sag 123456",
        "Sag 1042, 3 forsøg",
        "1234567",
        "Mail sendt til PURE TEAM",
        "MAIL SENT FROM DESK HELP",
    ],
)
def test_a_note_takes_dates_times_card_numbers_and_ordinary_words(note: str) -> None:
    assert check_note(note) == note


@pytest.mark.parametrize("number", ["#12345", "KU-2026-123456", "REQ0000123456", "INC-1042", "INC1"])
def test_a_case_number_has_one_of_the_usual_forms(number: str) -> None:
    assert check_case_number(number) == number


@pytest.mark.parametrize(
    "number", ["x", "<b>1</b>", "010190-1234", "2611271234", "CPR0101901234", "=1+1", "123456", "sag 12"]
)
def test_anything_else_is_no_case_number_and_the_message_shows_one(
    desk: Browser, phone: SmsDevice, number: str
) -> None:
    assert settings.CASE_NUMBER_EXAMPLE in words(do(desk, phone.user, "unlock", case_number=number))
    assert not ActionRecord.objects.exists()


def test_the_form_of_case_numbers_is_a_setting_but_never_a_cpr_number(settings: Any) -> None:
    settings.CASE_NUMBER_FORMAT, settings.CASE_NUMBER_EXAMPLE = r"\d{6,10}", "481516"
    assert check_case_number("123456") == "123456"
    for number in ("INC-1042", "0101901234"):
        with pytest.raises(ValidationError, match="481516"):
            check_case_number(number)
