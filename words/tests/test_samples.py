"""The lists for translators show each page, mail, text message, problem and state, and link each text to its entry."""

import re

import pytest
from django.conf import settings as portal
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from audit.models import RefusalCount
from mfa_sms.delivery_status import DeliveryStatus
from words import occurrences, samples, tracing
from words.pseudo import pseudo
from words.samples import problems

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in portal.LANGUAGES]


@pytest.fixture
def browser() -> Client:
    return Client()


def in_the_demo(portal: Settings) -> None:
    portal.DEBUG = True


def test_each_entry_is_in_a_sample() -> None:
    numbers = set(range(len(tracing.entries("da"))))
    assert numbers - occurrences.samples_of().keys() == set()


def test_each_problem_mail_text_message_and_status_has_a_sample() -> None:
    slugs = [sample.slug for found in samples.sections().values() for sample in found]
    assert len(slugs) == len(set(slugs))
    for status in DeliveryStatus:
        assert f"status-{status.value.replace('_', '-')}" in slugs
    for module, name, _function in problems.functions():
        assert f"{module.__name__.replace('.', '-')}-{name.replace('_', '-')}" in slugs


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sample_can_be_rendered_and_no_mark_is_left(language: str) -> None:
    for found in occurrences.sections().values():
        for sample in found:
            text = occurrences.write(occurrences.nobody(), sample, language)
            linked = tracing.link_page(text, language, "/words/texts/") if sample.is_page else tracing.plain(text)
            assert not re.search("[\ue000-\ue002]", linked), sample.slug


def test_the_samples_of_error_pages_are_not_recorded_as_errors() -> None:
    for sample in samples.sections()["problems"]:
        occurrences.write(occurrences.nobody(), sample, "en")
    assert not RefusalCount.objects.exists()


def test_the_language_of_the_request_is_as_before_after_a_sample() -> None:
    with translation.override("en"):
        occurrences.write(occurrences.nobody(), samples.sections()["mails"][0], "da")
        assert translation.gettext("Next") == "Next"


def test_a_page_links_each_text_to_its_line_and_names_the_line_of_a_button(browser: Client, settings: Settings) -> None:
    in_the_demo(settings)
    page = browser.get("/words/show/sign-in/da/").content.decode()
    line = next(entry.lines[0] - 1 for entry in tracing.entries("da") if entry.source == "Next")
    assert f'<span class="entry" title="django.po:{line}">' in page
    assert 'class="entry" title="django.po:' in page


def test_a_frame_shows_a_page_to_this_site_only(browser: Client, settings: Settings) -> None:
    in_the_demo(settings)
    response = browser.get("/words/show/sign-in/da/")
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in browser.get("/words/pages/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "pages/", "problems/", "mails/", "sms/", "states/", "others/", "texts/"])
def test_each_list_opens_in_the_real_and_in_the_pseudo_language(browser: Client, settings: Settings, path: str) -> None:
    in_the_demo(settings)
    for query in ("", "?pseudo=1"):
        assert browser.get(f"/words/{path}{query}").status_code == 200


def test_a_text_message_has_a_bar_of_its_length(browser: Client, settings: Settings) -> None:
    in_the_demo(settings)
    assert re.search(r'<meter max="140" high="140" value="\d+">', browser.get("/words/sms/").content.decode())


@pytest.mark.parametrize("path", ["/words/nothing/", "/words/show/nothing/da/", "/words/show/sign-in/xx/"])
def test_what_does_not_exist_is_not_found(browser: Client, settings: Settings, path: str) -> None:
    in_the_demo(settings)
    assert browser.get(path).status_code == 404


def test_the_pseudo_language_is_a_third_longer_and_keeps_placeholders() -> None:
    text = pseudo("You have %(count)d attempts left {name}, 100 %%")
    assert {"%(count)d", "{name}", "%%"} <= set(re.findall(r"%\(count\)d|\{name\}|%%", text))
    assert len(pseudo("Enter your password")) >= 1.3 * len("Enter your password")


def test_a_sample_in_the_pseudo_language_is_accented_but_its_times_are_times() -> None:
    sample = next(one for one in samples.sections()["pages"] if one.slug == "code")
    text = tracing.plain(occurrences.write(occurrences.nobody(), sample, "en", pseudo_language=True))
    assert "[Éñtér thé çödé" in text
    assert "14:15" in text
