"""Values that would fail for people are refused before the portal starts, and named."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from kumfa.checks.values import values_can_be_used

UNFIT: list[tuple[str, str, Any]] = [
    ("PORTAL_URL", "PORTAL_URL", "https://mfa.ku.dk/portal"),
    ("PORTAL_URL", "PORTAL_URL", "https://"),
    ("ALLOWED_HOSTS", "ALLOWED_HOSTS", ["www.ku.dk"]),
    ("TRUSTED_PROXIES", "TRUSTED_PROXIES", 0),
    ("STUDENT_DOMAIN", "STUDENT_DOMAIN", "alumni ku.dk"),
    ("EMPLOYEE_DOMAIN", "EMPLOYEE_DOMAIN", "@ku.dk"),
    ("SMS_COUNTRIES", "SMS_COUNTRIES", ["DK", "UK"]),
    ("SMS_COUNTRIES", "SMS_COUNTRIES", []),
    ("PASSWORD_MAX_AGE_DAYS", "PASSWORD_MAX_AGE_DAYS", 0),
    ("SMS_RECEIPTS_KEPT_DAYS", "SMS_RECEIPTS_KEPT", timedelta(days=-1)),
    ("SMS_NUMBERS_KEPT_DAYS", "SMS_NUMBERS_KEPT", timedelta(0)),
    ("EVENT_CLIENT_KEPT_DAYS", "EVENT_CLIENT_KEPT", timedelta(0)),
    ("DATABASE_POOL_SIZE", "DATABASE_POOL_SIZE", 0),
    ("PUBLISHER_THREADS", "PUBLISHER_THREADS", 0),
    ("SIGN_INS_BEGUN_PER_ADDRESS", "SIGN_INS_BEGUN", 0),
    ("SMS_ENROLL_PER_HOUR", "SMS_ENROLL_PER_HOUR", -1),
    ("METRICS_TOKEN", "METRICS_TOKEN", "a"),
    ("DEFAULT_FROM_EMAIL", "DEFAULT_FROM_EMAIL", "x"),
    ("OPERATOR_EMAILS", "OPERATOR_EMAILS", ["it@ku.dk", "it"]),
    ("SUPPORT_HOURS_URL", "SUPPORT_HOURS_URL", "javascript:1"),
    ("PRIVACY_URL", "PRIVACY_URL", "ku.dk"),
    ("SUPPORT_PHONE", "SUPPORT_PHONE", "call us"),
]


@pytest.fixture
def fit(settings: Settings) -> Settings:
    settings.DEBUG = False
    settings.PORTAL_URL = "https://mfa.ku.dk"
    settings.PORTAL_HOST = "mfa.ku.dk"
    settings.ALLOWED_HOSTS = ["mfa.ku.dk"]
    settings.SECURE = True
    settings.TRUSTED_PROXIES = 1
    settings.PUBLISHER_THREADS = 4
    return settings


def test_values_that_can_be_used_pass(fit: Settings) -> None:
    assert values_can_be_used() == []


@pytest.mark.parametrize(("variable", "setting", "value"), UNFIT)
def test_a_value_that_would_fail_for_people_is_refused_by_name(
    fit: Settings, variable: str, setting: str, value: Any
) -> None:
    setattr(fit, setting, value)
    (found,) = values_can_be_used()
    assert found.is_serious()
    assert found.msg.startswith(f"{variable} must ")
