"""The pages about accessibility and privacy are correct for this portal."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField
from pytest_django.fixtures import Settings

from common.clock import calendar_day
from kumfa.checks.defaults import support_can_be_reached
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk

pytestmark = pytest.mark.django_db

ACCESSIBILITY = reverse("sign_in:accessibility")
PRIVACY = reverse("sign_in:privacy")
# The personal data of each table, in a part of the sentence that names them. A new table must be added here and there.
TABLES = {
    "accounts.Account": "mailadresse",
    "audit.SecurityEvent": "En log over login",
    "sessions.Session": "Hvor du er logget ind",
    "sign_in.PasswordResetRequest": "bedt om en ny adgangskode",
    "notices.Notice": "Hvilke mails vi har sendt",
    "helpdesk.ActionRecord": "sagsnummeret og deres note",
    "helpdesk.Approval": "sagsnummeret og deres note",
    "helpdesk.Case": "sagsnummeret og deres note",
    "mfa_sms.SmsDevice": "dit mobilnummer",
    "mfa_sms.HumanCheck": "dit nummer",
    "mfa_sms.TextMessage": "De sms'er",
    "sso.Client": "kontaktperson for en tjeneste",
}
PERSONAL = (models.GenericIPAddressField, models.EmailField, PhoneNumberField)
FIT = {"DEBUG": False, "SUPPORT_HOURS": "mon-fri 08:00-16:00", "SUPPORT_EMAIL": "it@example.org"}


def text_of(walk: Walk, path: str) -> str:
    """Return a page's text."""
    page = walk.browser.get(path).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&#x27;", "'").split())


def test_each_table_with_personal_data_is_on_the_page_about_privacy(walk: Walk) -> None:
    tables = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, PERSONAL) or field.name in ("note", "former_address")
    }
    assert {table for table in tables if not table.startswith(("demo.", "pigeon."))} == set(TABLES)
    page = text_of(walk, PRIVACY)
    assert {table for table, words in TABLES.items() if words not in page} == set()


def test_the_page_about_privacy_says_how_long_the_settings_keep_it(walk: Walk, settings: Settings) -> None:
    settings.SMS_NUMBERS_KEPT = timedelta(days=71)
    settings.EVENT_CLIENT_KEPT = timedelta(days=72)
    settings.NOTICES_KEPT = timedelta(days=73)
    settings.REFUSAL_COUNTS_KEPT = timedelta(days=74)
    settings.SSO_GRANTS_KEPT = timedelta(days=75)
    settings.REMEMBER_ME_DAYS = 76
    page = text_of(walk, PRIVACY)
    assert [days for days in range(71, 77) if f"{days} dage" not in page] == []


def test_the_page_about_privacy_lists_each_cookie(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    walk.password()
    walk.send(phone)
    walk.code()
    walk.stay("yes")
    walk.browser.post("/help/", {"language": "da"})
    listed = walk.browser.get(PRIVACY).content.decode().partition("<ul>")[2].partition("</ul>")[0].count("<li>")
    # Besides those of a sign-in: the human check, Microsoft 365, and messages for the next page.
    assert listed == len(set(walk.browser.cookies) | {"check", "entra", "messages"})


def test_the_statement_is_about_this_host_and_says_whom_to_ask(walk: Walk, settings: Settings) -> None:
    settings.PORTAL_HOST = "mfa.ku.dk"
    settings.SUPPORT_EMAIL = "it@example.org"
    settings.SUPPORT_HOURS = "mon-fri 08:00-16:00"
    settings.ACCESSIBILITY_REVIEWED = "2026-11-01"
    page = text_of(walk, ACCESSIBILITY)
    for words in ("mfa.ku.dk", "it@example.org", "Mandag-fredag kl. 08.00-16.00", "Digitaliseringsstyrelsen"):
        assert words in page
    assert calendar_day(date(2026, 11, 1)) in page


def test_a_statement_that_nobody_has_reviewed_says_so(walk: Walk, settings: Settings) -> None:
    settings.ACCESSIBILITY_REVIEWED = ""
    assert _("This statement has not been reviewed yet.") in text_of(walk, ACCESSIBILITY)


def test_the_footer_of_each_page_links_to_both(walk: Walk) -> None:
    for path in ("/sign-in/", "/nowhere/", ACCESSIBILITY, PRIVACY):
        footer = walk.browser.get(path).content.decode().partition("<footer")[2]
        assert f'href="{ACCESSIBILITY}"' in footer
        assert f'href="{PRIVACY}"' in footer


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("ACCESSIBILITY_REVIEWED", "", "kumfa.E050"),
        ("ACCESSIBILITY_REVIEWED", "1.11.2026", "kumfa.E050"),
        ("ACCESSIBILITY_REVIEWED", (date.today() + timedelta(days=1)).isoformat(), "kumfa.E050"),
        ("ACCESSIBILITY_REVIEWED", (date.today() - timedelta(days=366)).isoformat(), "kumfa.W051"),
        ("SUPPORT_EMAIL", "", "kumfa.E049"),
        ("SUPPORT_HOURS", "", "kumfa.E048"),
        ("SUPPORT_HOURS", "weekdays", "kumfa.E048"),
        ("SUPPORT_HOURS", FIT["SUPPORT_HOURS"], ""),
    ],
)
def test_a_deployment_must_say_when_the_pages_were_reviewed_and_how_to_reach_it_support(
    settings: Settings, setting: str, value: str, found: str
) -> None:
    fit = {**FIT, "ACCESSIBILITY_REVIEWED": (date.today() - timedelta(days=364)).isoformat(), setting: value}
    for name, good in fit.items():
        setattr(settings, name, good)
    assert [message.id for message in support_can_be_reached()] == ([found] if found else [])
