"""The language of a page: chosen here, the account's, the service's hint, the browser's settings, or Danish."""

import pytest

from accounts.models import Account
from mfa_sms.models import SmsDevice, TextMessage
from tests.fixtures import Browser, Walk
from tests.helpers import picture, single_use_code, staff_signed_in
from tests.interface import in_en

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("preferred", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("da,en;q=0.8", "da"),
        ("en;q=0.8,da", "da"),
        ("de-DE,de,en-US;q=0.5", "en"),
        ("de,fr;q=0.9", "da"),
        ("", "da"),
        ("x" * 5000, "da"),
        ("da-DK;q=nan,*;q=", "da"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_prefers(walk: Walk, preferred: str, language: str) -> None:
    response = walk.browser.get("/sign-in/", headers={"accept-language": preferred})
    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language


def spoken(walk: Walk, phone: SmsDevice, preferred: str) -> list[str]:
    """Sign in with a browser that prefers a language. Return the languages of the pages and of the text message."""
    browser = walk.browser
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = preferred
    languages = [walk.name(phone.user)["Content-Language"], walk.password()["Content-Language"]]
    languages.append(walk.send(phone)["Content-Language"])
    languages.append(TextMessage.objects.latest("pk").language)
    languages.append(walk.code()["Content-Language"])
    languages.append(walk.stay()["Content-Language"])
    return languages


def test_from_the_right_password_on_the_accounts_language_is_used_for_pages_and_message(
    walk: Walk, phone: SmsDevice
) -> None:
    Account.objects.update(language="en")
    assert spoken(walk, phone, "da") == ["da", *["en"] * 5]


def test_an_account_that_is_known_to_read_danish_is_spoken_to_in_danish(walk: Walk, phone: SmsDevice) -> None:
    Account.objects.update(language="da", language_known=True)
    assert spoken(walk, phone, "en") == ["en", *["da"] * 5]


def test_an_account_whose_language_nobody_chose_keeps_that_of_its_first_pages(walk: Walk, phone: SmsDevice) -> None:
    assert spoken(walk, phone, "en") == ["en"] * 6
    assert Account.objects.get().known_language == "en"


def test_a_choice_in_the_browser_comes_before_the_accounts_language(walk: Walk, phone: SmsDevice) -> None:
    Account.objects.update(language="da", language_known=True)
    walk.browser.post("/sign-in/", {"language": "en"})
    assert spoken(walk, phone, "da") == ["en"] * 6


def test_a_switch_serves_the_page_in_the_language_and_keeps_what_was_typed(walk: Walk) -> None:
    response = walk.browser.post("/sign-in/", {"account_name": "abc123@ku", "language": "en"})
    page = response.content.decode()
    assert '<html lang="en">' in page
    assert 'value="abc123@ku"' in page
    assert "<title>Error" not in page
    assert response["Content-Language"] == "en"


def test_a_switch_keeps_country_and_number(walk: Walk, student: Account) -> None:
    walk.to_password(student)
    data = {"country": "SE", "number": "070 123", "language": "en"}
    page = walk.browser.post("/enroll/phone/", data).content.decode()
    assert 'value="070 123"' in page
    assert '<option value="SE" selected>' in page


def test_a_switch_keeps_neither_password_nor_code(walk: Walk, phone: SmsDevice) -> None:
    walk.name(phone.user)
    page = walk.browser.post("/sign-in/password/", {"password": "s3cret", "language": "en"}).content.decode()
    assert "s3cret" not in page
    assert in_en("Enter your password") in page
    walk.password()
    walk.send(phone)
    page = walk.browser.post("/sign-in/verify/code/", {"code": "987123", "language": "en"}).content.decode()
    assert "987123" not in page


def test_asvs_3_5_1_a_post_of_another_site_sets_no_language(walk: Walk) -> None:
    stranger = Browser(enforce_csrf_checks=True)
    response = stranger.post("/sign-in/", {"language": "en"}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert "language" not in response.cookies


@pytest.mark.parametrize("path", ["/oidc/token/", "/entra/authorize/", "/sms/receipts/x/"])
def test_a_page_that_other_sites_may_post_to_switches_no_language(path: str) -> None:
    response = Browser(enforce_csrf_checks=True).post(path, {"language": "en"})
    assert "language" not in response.cookies
    assert response.status_code != 405


def test_the_browser_remembers_a_switch(walk: Walk) -> None:
    walk.browser.post("/sign-in/", {"language": "en"})
    cookie = walk.browser.cookies["language"]
    assert cookie.value == "en"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 365 * 86400
    assert '<html lang="en">' in walk.get("/help/").content.decode()
    walk.browser.post("/help/", {"language": "da"})
    assert '<html lang="da">' in walk.get("/help/").content.decode()


@pytest.mark.parametrize("code", ["de", "", "EN", "../../etc", "<script>", "x" * 500])
def test_a_language_that_the_portal_does_not_speak_is_ignored(walk: Walk, code: str) -> None:
    response = walk.browser.post("/sign-in/", {"language": code, "account_name": ""})
    assert "language" not in response.cookies
    assert response["Content-Language"] == "da"
    walk.browser.cookies["language"] = code
    assert walk.get("/sign-in/").headers["Content-Language"] == "da"


def test_a_post_with_an_unknown_language_is_an_ordinary_post(walk: Walk, student: Account) -> None:
    response = walk.browser.post("/sign-in/", {"language": "de", "account_name": "stu123@alumni.ku.dk"})
    assert response["Location"] == "/sign-in/password/"


def test_a_switch_while_signed_in_is_kept_in_the_account(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    page = walk.browser.post("/security-info/", {"language": "en"}).content.decode()
    assert in_en("Your login methods") in page
    assert Account.objects.get(pk=phone.user.pk).language == "en"


def test_a_switch_of_who_is_not_signed_in_changes_no_account(walk: Walk, phone: SmsDevice) -> None:
    walk.to_password(phone.user)
    before = picture()
    walk.browser.post("/sign-in/verify/", {"language": "en"})
    assert picture() == before


def test_a_choice_in_the_browser_is_kept_in_the_account_at_the_sign_in(walk: Walk, phone: SmsDevice) -> None:
    walk.browser.post("/sign-in/", {"language": "en"})
    walk.signed_in(phone)
    assert Account.objects.get(pk=phone.user.pk).language == "en"


def test_the_accounts_language_comes_to_a_browser_where_none_was_chosen(walk: Walk, phone: SmsDevice) -> None:
    Account.objects.update(language="en")
    walk.signed_in(phone)
    assert walk.browser.cookies["language"].value == "en"
    assert in_en("Your login methods") in walk.get("/security-info/").content.decode()


def test_the_same_holds_for_staff(walk: Walk, helpdesk: Account) -> None:
    Account.objects.update(language="en")
    staff_signed_in(walk, helpdesk)
    assert in_en("Your login methods") in walk.get("/").content.decode()


def test_the_text_message_is_in_the_language_of_the_page(walk: Walk, phone: SmsDevice) -> None:
    walk.browser.post("/sign-in/", {"language": "en"})
    walk.to_code(phone)
    assert "code" in walk.outbox.messages[-1]["text"]


@pytest.mark.parametrize("path", ["/sign-in/", "/help/", "/security-info/", "/nowhere/", "/sign-in/stay/"])
def test_every_answer_names_its_language(walk: Walk, path: str) -> None:
    assert walk.browser.get(path).headers["Content-Language"] == "da"


def test_no_page_is_in_the_language_of_the_request_before(walk: Walk) -> None:
    walk.browser.post("/sign-in/", {"language": "en"})
    assert '<html lang="da">' in Browser().get("/sign-in/").content.decode()


def test_a_language_switch_at_the_single_use_code_consumes_none(walk: Walk, helpdesk: Account) -> None:
    device = single_use_code(helpdesk)
    walk.to_password(helpdesk)
    page = walk.browser.post("/sign-in/verify/static-code/", {"code": "abcdefgh", "language": "en"})
    assert in_en("Enter the code") in page.content.decode()
    assert device.token_set.count() == 1


def test_a_language_that_is_chosen_on_the_page_of_an_unknown_address_lasts() -> None:
    browser = Browser(enforce_csrf_checks=True)
    page = browser.get("/nowhere/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    refused = browser.post("/nowhere/", {"language": "en"})
    assert "language" not in refused.cookies
    switched = browser.post("/nowhere/", {"language": "en", "csrfmiddlewaretoken": token})
    assert (switched.status_code, switched["Content-Language"]) == (404, "en")
    assert browser.get("/help/")["Content-Language"] == "en"
