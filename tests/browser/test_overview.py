"""The overview of the admin in a browser: no violation of the policy, no finding of axe, no horizontal scrolling."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.portal import Portal, PortalProcess
from tests.browser.test_admin import administrator
from tests.browser.visitor import Visitor
from tests.portal_shell import run_in_portal

__all__ = ["administrator"]

FILL = """
from datetime import timedelta
from django.utils import timezone
from campaigns.models import EnrollmentCampaign
from overview.counting import count_figures, full_hour
from overview.days import sum_up
from overview.models import HourlyFigure
count_figures()
now = timezone.now()
EnrollmentCampaign.objects.get_or_create(
    name="Efterår", defaults={"audience": "students", "opens_at": now - timedelta(days=5), "text_da": "x",
    "text_en": "x", "deadline": now + timedelta(days=5)})
rows = [("messages", "delivered", 30), ("messages", "failed", 2), ("locks", "report", 1), ("locks", "passwords", 4),
    ("gateway_codes", "well:alpha", 30), ("gateway_codes", "failed:alpha", 3), ("country_codes", "well:DK", 40),
    ("gateway_switches", "out:alpha", 1)]
HourlyFigure.objects.bulk_create(
    HourlyFigure(hour=full_hour(now) - timedelta(hours=ago), series=series, label=label, affiliation="student",
    language="da", value=value) for ago in range(4, 40) for series, label, value in rows)
count_figures()
sum_up(now - timedelta(hours=40), now)
"""
# The campaign would offer "Not now" to the students of all other tests of this portal.
END = """
from campaigns.models import EnrollmentCampaign
from overview.models import DailyFigure, HourlyFigure
for model in (EnrollmentCampaign, HourlyFigure, DailyFigure):
    model.objects.all().delete()
"""


@pytest.fixture(scope="module")
def figures(portal: Portal, portal_process: PortalProcess) -> Iterator[None]:
    """Figures of 36 hours and a campaign of all students, until the tests of this file end."""
    run_in_portal(portal_process.env, FILL)
    yield
    run_in_portal(portal_process.env, END)


@pytest.mark.usefixtures("figures")
def test_the_overview_keeps_the_rules_of_every_page(administrator: Visitor) -> None:
    page = administrator.page
    for period in ("48h", "30d"):
        administrator.open(f"/admin/overview/?period={period}")
        expect(
            page.locator("#enrolled-desc, #messages-desc, #gateways-desc, #countries-desc, #locks-desc")
        ).to_have_count(5)
        administrator.measure(page, f"overview, {period}")
    for summary in page.locator(".ov-figure summary").all():
        summary.press("Enter")
    administrator.measure(page, "overview, numbers unfolded")


def test_the_filters_and_a_figures_name_are_used_by_keyboard(administrator: Visitor) -> None:
    page = administrator.page
    page.locator("#id_period").focus()
    page.keyboard.press("ArrowDown")
    page.locator(".ov-filters button").press("Enter")
    expect(page).to_have_url(re.compile("period=7d"))


@pytest.mark.usefixtures("figures")
def test_a_printed_page_shows_the_numbers(administrator: Visitor) -> None:
    page = administrator.page
    administrator.open("/admin/overview/?period=30d")
    table = page.locator(".ov-figure details table").first
    assert not table.evaluate("element => element.checkVisibility({contentVisibilityAuto: true})")
    page.emulate_media(media="print")
    assert table.evaluate("element => element.checkVisibility({contentVisibilityAuto: true})")
