"""Recent sign-in attempts on an account's page: the result of each, and anything unusual."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.models import Account
from audit.kinds import EventKind
from audit.models import SecurityEvent
from helpdesk import panel
from helpdesk.registry import HistoryEntry
from sign_in import events as sign_in_events
from sign_in.methods import events
from tests.fixtures import Browser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
NEWER_FIREFOX = FIREFOX.replace("143", "144")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def ago(**past: int) -> datetime:
    return timezone.now() - timedelta(**past)


def happened(account: Account, kind: EventKind, at: datetime, **fields: Any) -> SecurityEvent:
    address = fields.pop("address", "192.0.2.1")
    fields = {"browser": FIREFOX, "address": address, "network": address, **fields}
    return SecurityEvent.objects.create(account=account, kind=kind, at=at, **fields)


def rows(agent: Account, account: Account) -> list[HistoryEntry]:
    return panel.account_panel(agent, account, "logins").history


def test_a_wrong_password_and_a_wrong_code_are_told_apart_in_words(agent: Account, student: Account) -> None:
    happened(student, sign_in_events.PASSWORD_REFUSED, ago(minutes=3), reason="wrong")
    happened(student, events.CODE_REFUSED, ago(minutes=2), reason="wrong", method="mfa_sms")
    happened(student, sign_in_events.SIGNED_IN, ago(minutes=1), method="mfa_sms")
    said = [(row.what, row.detail) for row in rows(agent, student)]
    assert said == [
        ("Logged in", "Phone · Firefox, Linux · 192.0.2.1"),
        ("Code refused", "Phone · Wrong code · Firefox, Linux · 192.0.2.1"),
        ("Password refused", "Wrong password · Firefox, Linux · 192.0.2.1"),
    ]


def test_a_reason_without_words_is_shown_as_it_is(agent: Account, student: Account) -> None:
    happened(student, events.CODE_REFUSED, ago(minutes=1), reason="solar_flare")
    assert rows(agent, student)[0].detail.startswith("solar_flare · ")


def test_the_newest_are_shown_first_and_nothing_but_tries_under_that_filter(agent: Account, student: Account) -> None:
    for minutes in range(1, 50):
        happened(student, sign_in_events.PASSWORD_REFUSED, ago(minutes=minutes), address=f"192.0.2.{minutes}")
    happened(student, sign_in_events.PASSWORD_CHANGED, ago(minutes=0))
    shown = rows(agent, student)
    assert [row.detail.rpartition(" ")[2] for row in shown] == [f"192.0.2.{minutes}" for minutes in range(1, 41)]
    assert panel.account_panel(agent, student).history[0].what == "Password changed"


def test_tries_are_found_behind_many_other_events(agent: Account, student: Account) -> None:
    happened(student, sign_in_events.SIGNED_IN, ago(days=2))
    for minutes in range(70):
        happened(student, sign_in_events.PASSWORD_CHANGED, ago(minutes=minutes))
    assert [row.what for row in rows(agent, student)] == ["Logged in"]


def test_a_network_and_a_browser_of_no_earlier_sign_in_are_new(agent: Account, student: Account) -> None:
    happened(student, sign_in_events.SIGNED_IN, ago(days=2))
    happened(student, sign_in_events.SIGNED_IN, ago(hours=2), address="198.51.100.7")
    happened(student, sign_in_events.PASSWORD_REFUSED, ago(hours=1), browser=IPHONE)
    assert [row.unusual for row in rows(agent, student)] == ["New browser", "New network", ""]


def test_a_newer_version_of_the_same_browser_is_not_new(agent: Account, student: Account) -> None:
    happened(student, sign_in_events.SIGNED_IN, ago(days=2))
    happened(student, sign_in_events.SIGNED_IN, ago(hours=2), browser=NEWER_FIREFOX)
    assert rows(agent, student)[0].unusual == ""


def test_after_ninety_days_what_was_known_is_new_again(agent: Account, student: Account) -> None:
    happened(student, sign_in_events.SIGNED_IN, ago(days=100), address="198.51.100.7")
    happened(student, sign_in_events.SIGNED_IN, ago(days=2))
    happened(student, sign_in_events.SIGNED_IN, ago(hours=1), address="198.51.100.7")
    assert rows(agent, student)[0].unusual == "New network"


def test_a_refused_try_makes_no_network_known(agent: Account, student: Account) -> None:
    happened(student, sign_in_events.SIGNED_IN, ago(days=2))
    happened(student, sign_in_events.PASSWORD_REFUSED, ago(hours=2), address="198.51.100.7")
    happened(student, sign_in_events.PASSWORD_REFUSED, ago(hours=1), address="198.51.100.7")
    assert [row.unusual for row in rows(agent, student)] == ["New network", "New network", ""]


def test_the_first_sign_in_of_all_is_not_odd(agent: Account, student: Account) -> None:
    happened(student, sign_in_events.SIGNED_IN, ago(hours=1))
    assert rows(agent, student)[0].unusual == ""


def test_the_page_shows_them_with_browser_and_address(desk: Browser, student: Account) -> None:
    happened(student, sign_in_events.SIGNED_IN, ago(days=2))
    happened(student, sign_in_events.SIGNED_IN, ago(minutes=2), browser=IPHONE, address="198.51.100.7")
    page = desk.get(f"/admin/accounts/account/{student.pk}/change/").content.decode()
    part = page[page.index("history-heading") :]
    for words in ("Safari, iPhone", "198.51.100.7", "<strong>New network · New browser</strong>", "(2 min. ago)"):
        assert words in part


def test_who_changed_a_number_is_said_with_the_old_one_masked(agent: Account, student: Account) -> None:
    happened(student, events.DEVICE_CHANGED, ago(minutes=5), method="mfa_sms", detail="+45 •• •• •• 78", actor=agent)
    (entry,) = panel.account_panel(agent, student, "actions").history
    assert (entry.what, entry.by) == ("Method changed", "agt111")
    assert entry.detail == "Phone · the old one was +45 •• •• •• 78"
