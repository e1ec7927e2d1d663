"""The page's sentences for zero, one and many people, in both languages."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from limits import catalogue, counting
from limits.limit import EVERYBODY
from overview import devices, enrollment, limit_alarms
from overview.tests.helpers import PAGE, keep, measured, now
from tests.fixtures import Browser
from tests.interface import in_en

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["da", "en"])
def language(request: pytest.FixtureRequest) -> object:
    with translation.override(request.param):
        yield request.param


def people(some: int, everybody: int, ago: int = 0) -> None:
    keep("accounts", "student:all", everybody, ago)
    keep("accounts", "student:enrolled", some, ago)


def test_who_is_enrolled_is_not_known_before_anything_was_counted(language: str) -> None:
    assert enrollment.say_enrolled(now()) == translation.gettext("Enrolled accounts have not been counted yet.")


def test_without_accounts_nobody_is_said_to_be_enrolled(language: str) -> None:
    measured()
    assert enrollment.say_enrolled(now()) == translation.gettext("There are no active accounts.")


@pytest.mark.parametrize(("some", "everybody"), [(0, 1), (1, 1), (1, 3), (2, 3)])
def test_few_are_said_to_be_enrolled_as_they_are(language: str, some: int, everybody: int) -> None:
    people(some, everybody)
    said = translation.ngettext(
        "%(enrolled)s of %(all)s students and employees is enrolled (%(share)s).",
        "%(enrolled)s of %(all)s students and employees are enrolled (%(share)s).",
        some,
    )
    share = {"da": f"{100 * some / everybody:.1f} %".replace(".", ","), "en": f"{100 * some / everybody:.1f} %"}
    expected = said % {"enrolled": some, "all": everybody, "share": share[language]}
    assert enrollment.say_enrolled(now()) == expected


def test_many_are_written_as_the_language_does_and_held_against_yesterday(language: str) -> None:
    people(31204, 40113)
    people(30792, 40100, ago=24)
    said = enrollment.say_enrolled(now())
    numbers = {"da": ("31.204", "40.113", "77,8 %", "412"), "en": ("31,204", "40,113", "77.8 %", "412")}[language]
    assert all(number in said for number in numbers)


@pytest.mark.parametrize(("before", "word"), [(5, "the same as"), (4, "1 more than"), (7, "2 fewer than")])
def test_the_change_since_yesterday_is_said_whichever_way_it_goes(before: int, word: str) -> None:
    people(5, 10)
    people(before, 10, ago=24)
    with translation.override(None):
        assert f"{word} yesterday" in enrollment.say_enrolled(now())


def test_yesterday_may_have_been_measured_a_little_earlier(language: str) -> None:
    people(5, 10)
    people(4, 10, ago=26)
    people(1, 10, ago=22)
    with translation.override(None):
        assert "1 more than yesterday" in enrollment.say_enrolled(now())


@pytest.mark.parametrize(
    ("for_good", "waits", "said"),
    [
        (0, 0, in_en("No login method is locked now.")),
        (1, 0, "1 login method is locked now: 1 until IT Support helps and 0 for a few minutes."),
        (1200, 34, "1,234 login methods are locked now: 1,200 until IT Support helps and 34 for a few minutes."),
    ],
)
def test_what_is_locked_is_said_with_for_how_long(for_good: int, waits: int, said: str) -> None:
    measured()
    if for_good:
        keep("locked", "pigeon:for_good", for_good)
    if waits:
        keep("locked", "pigeon:waits", waits)
    with translation.override("en"):
        assert devices.say_locked(now()) == said


def test_what_was_unlocked_meanwhile_is_not_said_to_be_locked() -> None:
    keep("locked", "pigeon:for_good", 3, ago=1)
    measured()
    assert not now().latest("locked")


def test_what_is_locked_is_not_known_before_anything_was_counted(language: str) -> None:
    assert devices.say_locked(now()) == translation.gettext("Locked login methods have not been counted yet.")


def test_the_page_says_when_it_was_counted_and_warns_when_that_is_long_ago(
    auditor: Browser, time_machine: TimeMachineFixture
) -> None:
    measured()
    assert "The numbers are old" not in auditor.get(PAGE).content.decode()
    assert "Counted" in auditor.get(PAGE).content.decode()
    time_machine.move_to(timezone.now() + timedelta(minutes=16), tick=False)
    assert "The numbers are old" in auditor.get(PAGE).content.decode()


def test_asvs_2_4_1_a_limit_on_a_total_that_is_used_up_is_said_until_its_window_is_over(
    time_machine: TimeMachineFixture, settings: Settings
) -> None:
    time_machine.move_to("2026-09-01T08:00:00Z", tick=False)
    settings.SMS_ENROLL_PER_HOUR = 1
    assert not list(limit_alarms.limit_troubles())
    counting.take(catalogue.SMS_ENROLL_PER_HOUR, EVERYBODY)
    with translation.override("en"):
        (trouble,) = limit_alarms.limit_troubles()
    assert trouble.said == "Used up at 10:00: Codes to new numbers, total, 1 in the window."
    assert (trouble.since, bool(trouble.tell)) == (timezone.now(), True)
    time_machine.shift(timedelta(hours=1))
    assert not list(limit_alarms.limit_troubles())
