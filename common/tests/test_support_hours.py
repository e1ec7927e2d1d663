"""The opening hours of IT Support, from the setting to a sentence."""

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from common.support_hours import BadHours, parse_hours, support_hours


def test_hours_read_as_people_write_them_in_each_language(settings: Settings) -> None:
    settings.SUPPORT_HOURS = "Mon-Thu 08:00-16:00, fri 08:00-15:00"
    assert support_hours() == ["Mandag-torsdag kl. 08.00-16.00", "Fredag kl. 08.00-15.00"]
    with translation.override("en"):
        assert support_hours() == ["Monday to Thursday 08:00 to 16:00", "Friday 08:00 to 15:00"]


def test_no_hours_are_no_lines() -> None:
    assert parse_hours(" ") == []


@pytest.mark.parametrize(
    "text", ["weekdays 8-16", "mon-xyz 08:00-16:00", "fri-mon 08:00-16:00", "mon 16:00-08:00", "mon 25:00-26:00", "mon"]
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadHours):
        parse_hours(text)
