"""The catalogue lists every limit, and the page that is generated from it is current."""

import pytest
from django.utils import translation

from limits import catalogue, document
from limits.catalogue.listing import limit
from limits.limit import NAME_LENGTH


def test_the_page_of_limits_is_current() -> None:
    assert document.PATH.read_text(encoding="utf-8") == document.render(), "Run manage.py limits_page."


def test_a_name_fits_the_columns_and_is_listed_once() -> None:
    assert all(len(name) <= NAME_LENGTH for name in catalogue.LIMITS)
    with pytest.raises(ValueError, match="listed twice"):
        limit("sms_enroll_total", "", "SMS_ENROLL_PER_HOUR", None, "")


def test_each_limit_has_a_number_a_reason_and_danish_words() -> None:
    for listed in catalogue.LIMITS.values():
        assert listed.number > 0
        assert listed.reason.endswith(".")
        with translation.override("en"):
            english = str(listed.scope)
        with translation.override("da"):
            assert str(listed.scope) != english
