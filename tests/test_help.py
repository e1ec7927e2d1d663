"""The help page: anyone can open it, and each page of the portal links to the section that explains it."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from pytest_django.fixtures import Settings

from accounts.models import Account
from common.help_sections import HelpSection
from kumfa.settings import BASE_DIR
from mfa_sms.delivery_status import DeliveryStatus, status_text
from sign_in.help_page import SECTIONS
from tests.fixtures import Browser, Walk

pytestmark = pytest.mark.django_db

HELP = reverse("sign_in:help")
TEMPLATES = [
    path
    for path in (BASE_DIR / "templates").rglob("*.html")
    if path.relative_to(BASE_DIR / "templates").parts[0] != "demo"
]
BLOCK = re.compile(r"{% block help_section %}(.*?){% endblock %}")
# Links of templates to a section: those of the block, of other pages, and of the help page itself.
LITERAL = re.compile(r"(?:{% block help_section %}|{% url 'sign_in:help' %}|href=\")#([a-z-]+)")
# The pages that need no explanation: help itself, what is about the portal as a whole, and the pages for translators.
WITHOUT_SECTION = {
    "_form_page.html",
    "sign_in/help.html",
    "sign_in/privacy.html",
    "sign_in/accessibility.html",
    "words/base.html",
}


def name(path: Path) -> str:
    return str(path.relative_to(BASE_DIR / "templates"))


@pytest.fixture(params=["da", "en"])
def page(request: pytest.FixtureRequest, browser: Browser) -> str:
    """Return the help page in a language, as a stranger gets it."""
    browser.cookies["language"] = request.param
    response = browser.get(HELP)
    assert response.status_code == 200
    with translation.override(request.param):
        assert f"<h1>{_('Help with login')}</h1>" in response.content.decode()
    return response.content.decode()


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_the_page_has_each_section_once_and_a_link_to_it(page: str) -> None:
    assert [section.anchor for section in SECTIONS] == list(HelpSection)
    for anchor in HelpSection:
        assert page.count(f'id="{anchor}"') == 1
        assert page.count(f'<a href="#{anchor}">') >= 1


def test_each_section_that_a_template_links_to_is_on_the_page(page: str) -> None:
    linked = {anchor for path in TEMPLATES for anchor in LITERAL.findall(path.read_text(encoding="utf-8"))}
    assert len(linked) > 8
    assert {anchor for anchor in linked if f'id="{anchor}"' not in page} <= {"sessions"}


def test_each_page_links_to_a_section() -> None:
    pages = [
        path for path in TEMPLATES if '{% extends "base.html" %}' in (text := path.read_text()) or "_form_page" in text
    ]
    without = {name(path) for path in pages if not BLOCK.search(path.read_text(encoding="utf-8"))}
    assert len(pages) > 30
    assert without == WITHOUT_SECTION


def test_an_error_page_links_to_the_section_that_explains_it(walk: Walk, employee: Account) -> None:
    walk.name(employee)
    walk.password()
    assert f'href="{HELP}#{HelpSection.FIRST_TIME_APP}"' in walk.get("/enroll/phone/").content.decode()
    assert f'href="{HELP}#{HelpSection.OPENING_HOURS}"' in walk.get("/nowhere/").content.decode()


def test_the_first_page_of_enrollment_links_to_the_section_of_the_persons_role(
    walk: Walk, student: Account, employee: Account
) -> None:
    for account, section in ((student, HelpSection.FIRST_TIME_SMS), (employee, HelpSection.FIRST_TIME_APP)):
        walk.browser = Browser()
        walk.name(account)
        assert f'href="{HELP}#{section}"' in walk.password().content.decode()


def test_the_way_back_from_the_help_leads_to_the_step_that_was_left(walk: Walk, student: Account) -> None:
    walk.name(student)
    walk.password()
    assert f'<a href="{reverse("sign_in:home")}">' in walk.get(HELP).content.decode()
    assert _("Protect your UCPH login") in walk.get(reverse("sign_in:home")).content.decode()


def test_the_page_explains_each_status_of_a_text_message(page: str, request: pytest.FixtureRequest) -> None:
    with translation.override("da" if 'lang="da"' in page.partition("<head>")[0] else "en"):
        told = [status_text(status) for status in DeliveryStatus]
    plain = page.replace("&#x27;", "'")
    assert [text for text in told if text not in plain] == []


def test_the_page_says_when_it_support_answers(browser: Browser, settings: Settings) -> None:
    settings.SUPPORT_HOURS = "mon-thu 08:00-16:00, fri 08:00-15:00"
    page = browser.get(HELP).content.decode()
    assert "<li>Mandag-torsdag kl. 08.00-16.00</li>" in page
    assert "<li>Fredag kl. 08.00-15.00</li>" in page
