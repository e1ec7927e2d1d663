"""The number of messages that a text needs."""

import pytest

from mfa_sms import gsm
from mfa_sms.gsm import Measure


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("", Measure(True, 0, 1)),
        ("a" * 160, Measure(True, 160, 1)),
        ("a" * 161, Measure(True, 161, 2)),
        ("a" * 306, Measure(True, 306, 2)),
        ("a" * 307, Measure(True, 307, 3)),
        ("æøåÆØÅ", Measure(True, 6, 1)),
        ("@£$¥èéùìòÇ\n\rΔ_ΦΓΛΩΠΨΣΘΞ¤¡ÄÖÑÜ§¿äöñüà", Measure(True, 36, 1)),
        ("€", Measure(True, 2, 1)),
        ("^{}\\[~]|€\f", Measure(True, 20, 1)),
        ("€" * 80, Measure(True, 160, 1)),
        ("a" * 159 + "€", Measure(True, 161, 2)),
        # A part of 153 septets fits 76 pairs, since a pair is not split.
        ("€" * 81, Measure(True, 162, 2)),
        ("€" * 152, Measure(True, 304, 2)),
        ("€" * 153, Measure(True, 306, 3)),
        ("a" + "€" * 152, Measure(True, 305, 2)),
        ("ç", Measure(False, 1, 1)),
        ("`", Measure(False, 1, 1)),
        ("\u2019" * 70, Measure(False, 70, 1)),
        ("\u2019" * 71, Measure(False, 71, 2)),
        ("\u2019" * 134, Measure(False, 134, 2)),
        ("\u2019" * 135, Measure(False, 135, 3)),
        ("😀", Measure(False, 2, 1)),
        ("😀" * 35, Measure(False, 70, 1)),
        ("😀" * 36, Measure(False, 72, 2)),
        # A part of 67 units fits 33 pairs.
        ("😀" * 66, Measure(False, 132, 2)),
        ("😀" * 67, Measure(False, 134, 3)),
        ("æ" * 69 + "\u2013", Measure(False, 70, 1)),
        ("€" * 69 + "\u2013", Measure(False, 70, 1)),
    ],
)
def test_a_text_is_measured(text: str, measure: Measure) -> None:
    assert gsm.measure(text) == measure


def test_the_alphabet_has_128_places_less_the_escape() -> None:
    assert len(gsm.BASIC) == 127
    assert len(gsm.EXTENSION) == 10
    assert not gsm.BASIC & gsm.EXTENSION


def test_foreign_characters_are_named_once_each_in_order() -> None:
    assert gsm.foreign("Vis ‘kode’ – ‘nu’ på 1 €") == "‘’–"
    assert gsm.foreign("Koden er 123456") == ""
