"""A banner on every page, in both languages, from one moment to another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.models import SecurityEvent
from backoffice import roles
from helpdesk.tests.people import agent_of, browser_of
from notices import banners
from notices.models import Banner
from tests.fixtures import Browser, Outbox

ADD = "/admin/notices/banner/add/"


@pytest.fixture(autouse=True)
def _read_again(db: None) -> Iterator[None]:
    banners.forget()
    yield
    banners.show_none()


def banner(starts: int = -1, ends: int = 1, **texts: str) -> Banner:
    now = timezone.now()
    fields = {"text_da": "Sms er forsinket.", "text_en": "Text messages are late.", **texts}
    return Banner.objects.create(starts_at=now + timedelta(hours=starts), ends_at=now + timedelta(hours=ends), **fields)


@pytest.mark.parametrize(("language", "said"), [("da", "Sms er forsinket."), ("en", "Text messages are late.")])
def test_it_is_on_every_page_in_the_language_of_the_page(language: str, said: str) -> None:
    banner()
    browser = Browser()
    browser.cookies["language"] = language
    for path in ("/sign-in/", "/help/", "/nowhere/"):
        assert browser.get(path).content.decode().count(said) == 1, path


def test_it_is_on_the_pages_of_the_admin(sms_outbox: Outbox) -> None:
    banner()
    desk = browser_of(agent_of(roles.HELPDESK, "agt111"), sms_outbox)
    for path in ("/admin/overview/", "/admin/accounts/account/"):
        assert desk.get(path).content.decode().count("Text messages are late.") == 1, path


def test_it_is_shown_only_between_its_times_and_the_latest_wins() -> None:
    banner(starts=-3, ends=-1)
    banner(starts=1, ends=2)
    assert banners.banner_text() == ""
    banner(text_da="Første")
    banner(starts=0, text_da="Anden")
    banners.forget()
    assert banners.banner_text() == "Anden"


def test_pages_read_it_once_in_a_while_and_not_each_time() -> None:
    banner()
    banners.banner_text()
    with CaptureQueriesContext(connection) as captured:
        assert banners.banner_text()
    assert not captured.captured_queries


def test_administrators_write_it_with_an_event_and_what_ends_first_is_refused(sms_outbox: Outbox) -> None:
    administrator = agent_of(roles.ADMINISTRATOR, "adm111")
    desk = browser_of(administrator, sms_outbox)
    desk.cookies["language"] = "da"
    said = {"text_da": "Sms er forsinket.", "text_en": "Late.", "starts_at_0": "01.09.2026", "starts_at_1": "12.00"}
    refused: Any = desk.post(ADD, {**said, "ends_at_0": "01.09.2026", "ends_at_1": "11.00"})
    assert refused.status_code == 200
    assert not Banner.objects.exists()
    assert desk.post(ADD, {**said, "ends_at_0": "01.09.2026", "ends_at_1": "13.00"}).status_code == 302
    event = SecurityEvent.objects.get(kind="banner_changed")
    assert (event.actor, Banner.objects.get().text_en) == (administrator, "Late.")


def test_a_banner_is_needed_in_both_languages_and_only_after_a_step_up(sms_outbox: Outbox, settings: Settings) -> None:
    desk = browser_of(agent_of(roles.ADMINISTRATOR, "adm111"), sms_outbox)
    times = {"starts_at_0": "2026-09-01", "starts_at_1": "12:00", "ends_at_0": "2026-09-02", "ends_at_1": "12:00"}
    assert desk.post(ADD, {"text_da": "Kun dansk", **times}).status_code == 200
    settings.STEP_UP_LIFE *= 0
    assert desk.post(ADD, {"text_da": "Dansk", "text_en": "English", **times}).status_code == 302
    assert not Banner.objects.exists()
