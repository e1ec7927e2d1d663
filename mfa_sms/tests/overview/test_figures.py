"""The figures on messages: what they show and what they hide."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from overview.tests.helpers import content, keep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("slug", "series"), [("gateways", "gateway_codes"), ("countries", "country_codes")])
@pytest.mark.parametrize(("well", "failed", "shown"), [(19, 0, False), (15, 4, False), (15, 5, True), (20, 0, True)])
def test_a_rate_of_fewer_than_twenty_codes_is_hidden(
    slug: str, series: str, well: int, failed: int, shown: bool
) -> None:
    keep(series, "well:DK", well)
    if failed:
        keep(series, "failed:DK", failed)
    assert bool(content(slug).table.rows) == shown


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        (["SE"], "1 country is left out, with fewer than 20 codes."),
        (["SE", "NO"], "2 countries are left out, with fewer than 20 codes each."),
    ],
)
def test_how_many_are_hidden_is_said(hidden: list[str], said: str) -> None:
    keep("country_codes", "well:DK", 100)
    for region in hidden:
        keep("country_codes", f"well:{region}", 19)
    assert content("countries").notes == (said,)


def test_nothing_is_said_to_be_hidden_where_nothing_is() -> None:
    keep("country_codes", "well:DK", 100)
    assert content("countries").notes == ()


def test_rates_are_shares_of_the_whole_period_the_highest_first() -> None:
    for ago in range(3):
        keep("country_codes", "well:DK", 98, ago)
        keep("country_codes", "failed:DK", 2, ago)
        keep("country_codes", "well:SE", 30, ago)
        keep("country_codes", "failed:SE", 10, ago)
    table = content("countries", period="30d").table
    assert table.rows == (("Sweden", (30, 120, 25.0)), ("Denmark", (6, 300, 2.0)))
    assert content("countries", period="30d").said == "Highest share of failed codes: Sweden, 25.0 %."


def test_messages_stand_under_what_became_of_them() -> None:
    given = {"delivered": 1, "sent": 2, "expired": 4, "rejected": 8, "failed": 16, "cancelled": 32, "queued": 64}
    for label, value in given.items():
        keep("messages", label, value)
    assert content("messages").table.rows[-1][1] == (1, 2, 12, 48, 64, "")


def test_the_hour_in_which_a_gateway_was_rested_is_marked() -> None:
    keep("messages", "delivered", 5)
    keep("gateway_switches", "out:alpha", 1, who="", language="")
    keep("gateway_switches", "in:alpha", 1, ago=2, who="", language="")
    shown = content("messages")
    assert shown.table.column(5)[-3:] == ["alpha came back in service", "", "alpha was paused"]
    assert shown.draw is not None
    drawing = shown.draw("messages")[1]
    assert drawing.count('class="ov-mark"') == 2
    assert "▼" in drawing
    assert "▲" in drawing
