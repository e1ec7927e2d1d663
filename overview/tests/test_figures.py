"""A figure's drawing, table and file show the same numbers."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone, translation
from time_machine import TimeMachineFixture

from campaigns.models import EnrollmentCampaign
from overview import registry, svg
from overview.tests.helpers import PAGE, content, keep, numbers
from tests.fixtures import Browser
from tests.interface import in_en

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script>"


def campaign(**fields: Any) -> EnrollmentCampaign:
    now = timezone.now()
    fields = {"opens_at": now - timedelta(days=10), "deadline": now + timedelta(days=10), "name": "Autumn", **fields}
    made = EnrollmentCampaign.objects.create(audience="students", text_da="Tilmeld dig", text_en="Enrol", **fields)
    keep("campaigns", f"{made.pk}:all_first", 100)
    keep("campaigns", f"{made.pk}:enrolled_first", 40)
    return made


def some_of_each() -> None:
    for ago in (0, 1, 30):
        keep("accounts", "student:all", 2000, ago)
        keep("accounts", "student:enrolled", 1500 - ago, ago)
        keep("messages", "delivered", 1234, ago)
        keep("messages", "failed", 7, ago)
        keep("locks", "report", 2, ago)
        keep("methods", "mfa_totp", 1700, ago)
        keep("gateway_codes", "well:alpha", 90, ago)
        keep("gateway_codes", "failed:alpha", 10, ago)
        keep("country_codes", "well:DK", 99, ago)
        keep("country_codes", "failed:DK", 1, ago)
    keep("gateway_switches", "out:alpha", 1, 1, who="", language="")


def drawings(page: str) -> list[ElementTree.Element]:
    found = re.findall(r'<svg [^>]*role="img".*?</svg>', page, re.DOTALL)
    return [ElementTree.fromstring(one) for one in found]  # noqa: S314  the page under test made this XML


def test_each_drawing_is_well_formed_and_has_a_title_and_a_description(auditor: Browser) -> None:
    some_of_each()
    campaign()
    drawn = drawings(auditor.get(PAGE).content.decode())
    assert len(drawn) == len(registry.figures())
    for drawing in drawn:
        title, said = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
        assert title is not None
        assert title.text
        assert said is not None
        assert said.text
        assert drawing.get("role") == "img"
        assert drawing.get("aria-labelledby") == f"{title.get('id')} {said.get('id')}"
        assert not any(element.get("style") for element in drawing.iter())


def test_no_two_elements_of_the_page_have_the_same_id(auditor: Browser) -> None:
    some_of_each()
    ids = re.findall(r'\sid="([^"]+)"', auditor.get(PAGE).content.decode())
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("figure", registry.figures(), ids=lambda figure: figure.slug)
@pytest.mark.parametrize("period", ["48h", "7d", "12m"])
def test_the_file_and_the_table_hold_the_numbers_of_the_figure(auditor: Browser, figure: Any, period: str) -> None:
    some_of_each()
    with translation.override("en"):
        table = content(figure.slug, period=period).table
    lines = numbers(auditor, figure.slug, period=period)
    assert len(lines) == len(table.rows) + 1
    for line, (_name, cells) in zip(lines[1:], table.rows, strict=True):
        assert line[1:] == ["" if cell is None else str(cell) for cell in cells]
    page = auditor.get(PAGE, {"period": period}).content.decode()
    body = page.partition(f'id="{figure.slug}-caption"')[2].partition("</table>")[0]
    shown = re.findall(r"<td[^>]*>(.*?)</td>", body)
    expected = ["–" if cell is None else str(cell) for _name, cells in table.rows for cell in cells]
    assert [re.sub(r"[,%\s]", "", cell) for cell in shown] == [re.sub(r"[,\s]", "", cell) for cell in expected]


def test_long_periods_sum_by_local_day(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 10, 26, 12, tzinfo=UTC), tick=False)
    for ago in range(60):
        keep("messages", "delivered", 1, ago)
    days = {_day(slot): cells[0] for slot, cells in content("messages", period="7d").table.rows}
    # Clocks go back on this day, so it has 25 hours.
    assert (days[24], days[25], days[26]) == (21, 25, 14)


def _day(slot: object) -> int:
    assert isinstance(slot, datetime)
    return timezone.localtime(slot).day


def test_hours_are_told_apart_when_the_clock_repeats_one(auditor: Browser, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 10, 25, 6, tzinfo=UTC), tick=True)
    times = [line[0] for line in numbers(auditor, "messages")[1:]]
    assert len(set(times)) == len(times) == 48
    assert "2026-10-25T02:00:00+02:00" in times
    assert "2026-10-25T02:00:00+01:00" in times


def test_a_gauge_of_a_day_is_that_of_its_last_hour(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime(2026, 9, 10, 12, tzinfo=UTC), tick=False)
    for ago in range(40):
        keep("methods", "mfa_totp", 100 - ago, ago)
        keep("accounts", "student:all", 200, ago)
        keep("accounts", "student:enrolled", 100 - ago, ago)
    shares = content("enrolled", period="7d").table.column(0)
    assert shares == [None, None, None, None, 61, 85, 100]
    assert content("methods", period="7d").table.column(0) == [100]


def test_the_target_leads_from_what_was_enrolled_first_to_all_at_the_deadline(
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(datetime(2026, 9, 10, 22, 30, tzinfo=UTC), tick=False)
    some_of_each()
    campaign(opens_at=datetime(2026, 9, 5, 22, tzinfo=UTC), deadline=datetime(2026, 9, 15, 22, tzinfo=UTC))
    table = content("enrolled", period="7d").table
    assert table.columns[-1].startswith("Mål: Autumn") or table.columns[-1].startswith("Target: Autumn")
    assert table.column(-1 + len(table.columns)) == [None, 40.0, 46.0, 52.0, 58.0, 64.0, 70.0]


@pytest.mark.parametrize(
    "fields",
    [{"opens_at": timedelta(days=1), "deadline": timedelta(days=9)}, {"deadline": timedelta(days=-1)}],
    ids=["to come", "over"],
)
def test_without_an_open_campaign_there_is_no_target(fields: dict[str, timedelta]) -> None:
    some_of_each()
    campaign(**{name: timezone.now() + value for name, value in fields.items()})
    assert len(content("enrolled").table.columns) == 3


def test_labels_that_would_be_markup_are_text(auditor: Browser) -> None:
    some_of_each()
    campaign(name=EVIL)
    keep("locks", f"codes:{EVIL}", 5)
    keep("gateway_codes", f"failed:{EVIL}", 25)
    keep("gateway_switches", f"out:{EVIL}", 1, 2, who="", language="")
    page = auditor.get(PAGE).content.decode()
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    assert len(drawings(page)) == len(registry.figures())


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_labels_that_would_be_formulas_are_text_in_the_file(auditor: Browser, label: str) -> None:
    keep("gateway_codes", f"failed:{label}", 25)
    assert numbers(auditor, "gateways")[1][0] == f"'{label}"


def test_nothing_counted_is_said_in_words(auditor: Browser) -> None:
    page = auditor.get(PAGE).content.decode()
    assert drawings(page) == []
    assert page.count(in_en("Nothing has been counted in this period.")) == 2


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (37, [0, 10, 20, 30, 40]),
        (401, [0, 200, 400, 600]),
        (31204, [0, 10000, 20000, 30000, 40000]),
    ],
)
def test_axes_have_round_numbers(highest: int, expected: list[int]) -> None:
    assert svg.ticks(highest) == expected
