"""The admin masks numbers, and shows neither nonces nor browser digests."""

from typing import Any

import pytest
from django.contrib import admin

from accounts.models import Account
from common import clock
from mfa_sms.models import Challenge, HumanCheck, SmsDevice, TextMessage
from mfa_sms.tests.helpers import queued

SECRET = {"number", "nonce", "key_id", "browser", "puzzle"}


@pytest.mark.parametrize("model", [SmsDevice, Challenge, TextMessage])
def test_no_secret_is_a_field_of_the_admin(model: Any) -> None:
    page: Any = admin.site._registry[model]
    shown = {*page.fields, *page.list_display, *page.list_filter, *page.search_fields}
    assert not shown & SECRET


def test_a_puzzle_is_not_in_the_admin() -> None:
    assert not admin.site.is_registered(HumanCheck)


def test_a_number_is_masked(phone: SmsDevice) -> None:
    for row in (phone, queued(phone)):
        page: Any = admin.site._registry[type(row)]
        assert page.masked_number(row) == "+45 •• •• •• 78"


def test_a_check_is_named_by_its_time_alone(student: Account) -> None:
    check = HumanCheck.objects.create(account=student, number="+4526123478", puzzle={})
    assert str(check) == f"{clock.stamp(check.created_at)}"
