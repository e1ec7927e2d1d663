"""What stolen accounts can cost in an hour follows from the settings."""

import pytest
from pytest_django.fixtures import Settings

from limits.exposure import Exposure, exposure


@pytest.mark.parametrize(
    ("accounts", "messages", "abroad"),
    [
        # 10 enrollments, 20 sign-ins and 30 notices for each account
        (1, 60, 60),
        (100, 6_000, 1_000 + 3_000 + 2_000),
        # the caps: 10,000 enrollments, 5,000 notices, 100,000 sign-ins and the reserves of 10,000 accounts
        (10_000, 10_000 + 5_000 + 100_000 + 40_000, 31 * 50 + 31 * 100 + 2_000),
    ],
)
def test_k4_stolen_accounts_cause_at_most_what_the_hourly_caps_say(accounts: int, messages: int, abroad: int) -> None:
    assert exposure(accounts) == Exposure(messages, abroad)


def test_k4_more_accounts_than_the_caps_allow_enroll_and_notify_no_more(settings: Settings) -> None:
    settings.SMS_SIGN_IN_PER_HOUR = settings.SMS_RESERVE_PER_HALF_HOUR = 0
    assert exposure(10_000) == exposure(1_000_000) == Exposure(15_000, 31 * 50 + 31 * 100 + 2_000)


def test_the_cost_is_that_of_the_dearest_messages(settings: Settings) -> None:
    settings.SMS_PRICE_AT_HOME, settings.SMS_PRICE_ABROAD = 0.5, 2.0
    assert Exposure(messages=10, abroad=4).cost == 6 * 0.5 + 4 * 2.0
