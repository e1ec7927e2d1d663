"""Access to the overview page, and the number of queries it takes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import EnrollmentCampaign
from helpdesk.tests.people import agent_of, browser_of
from overview import days
from overview.models import HourlyFigure
from overview.tests.helpers import HOUR, PAGE, full, keep
from tests.fixtures import Browser, Outbox

SESSION = 1  # it comes from the cache in production
pytestmark = pytest.mark.django_db
# Of the messages, the page reads those of the last half hour by an index, and no more than 5,000.
LARGE = ("audit_securityevent", "mfa_sms_attempt", "mfa_sms_receipt", "mfa_sms_challenge")


def test_the_admin_begins_with_the_overview(auditor: Browser) -> None:
    response = auditor.get("/admin/")
    assert (response.status_code, response["Location"]) == (302, PAGE)


def test_the_tables_of_the_admin_stand_under_the_figures(auditor: Browser) -> None:
    page = auditor.get(PAGE).content.decode()
    assert page.index("ov-figures") < page.rindex('<div class="app-accounts module"')


def test_staff_without_a_group_see_no_number(sms_outbox: Outbox) -> None:
    keep("accounts", "student:all", 4321)
    browser = browser_of(agent_of("", "nob111"), sms_outbox)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "ov-figure" not in page.content.decode()
    assert "4,321" not in page.content.decode()
    assert browser.get(f"{PAGE}enrolled.csv").status_code == 403
    assert browser.get(f"{PAGE}nowhere.csv").status_code == 403


def test_a_figure_that_there_is_not_is_not_found(auditor: Browser) -> None:
    assert auditor.get(f"{PAGE}nowhere.csv").status_code == 404


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}enrolled.csv"])
def test_nothing_is_posted_to_the_overview(auditor: Browser, path: str) -> None:
    assert auditor.post(path).status_code == 405


def many_hours() -> None:
    now = full(timezone.now())
    labels = [("accounts", "student:all"), ("methods", "mfa_totp"), ("messages", "sent"), ("gateway_codes", "well:a")]
    labels += [("counted", "now"), ("country_codes", "well:DK"), ("locks", "report"), ("delivery_seconds", "5")]
    HourlyFigure.objects.bulk_create(
        HourlyFigure(hour=now - ago * HOUR, series=series, label=label, value=100)
        for ago in range(1000)
        for series, label in labels
    )
    days.sum_up(now - 999 * HOUR, now + HOUR)
    for name in ("Autumn", "Spring"):
        opens, deadline = timezone.now() - timedelta(days=9), timezone.now() + timedelta(days=9)
        EnrollmentCampaign.objects.create(name=name, audience="students", opens_at=opens, deadline=deadline)


@pytest.mark.parametrize("period", ["48h", "7d", "30d", "12m"])
def test_the_page_takes_at_most_twelve_queries_and_reads_no_large_table(auditor: Browser, period: str) -> None:
    many_hours()
    with CaptureQueriesContext(connection) as captured:
        assert auditor.get(PAGE, {"period": period}).status_code == 200
    queries = [query["sql"] for query in captured.captured_queries]
    assert len(queries) - SESSION <= 12, "\n".join(queries)
    tables = set(re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "(\w+)"', " ".join(queries)))
    assert "overview_hourlyfigure" in tables
    assert not tables & set(LARGE)
