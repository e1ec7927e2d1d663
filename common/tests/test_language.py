"""The language of a page: chosen in the browser, stored in the account, Danish by default."""

import pytest

from accounts.models import Account
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser, Walk
from tests.helpers import picture, single_use_code, staff_signed_in

pytestmark = pytest.mark.django_db


def test_a_page_is_danish_whatever_the_browser_prefers(walk: Walk) -> None:
    response = walk.browser.get("/sign-in/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="da">' in response.content.decode()
    assert response["Content-Language"] == "da"


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
    assert "Enter your password" in page
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


@pytest.mark.parametrize("code", ["de", "", "EN", "en-us", "../../etc", "<script>", "x" * 500])
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
    assert "Your login methods" in page
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
    assert "Your login methods" in walk.get("/security-info/").content.decode()


def test_the_same_holds_for_staff(walk: Walk, helpdesk: Account) -> None:
    Account.objects.update(language="en")
    staff_signed_in(walk, helpdesk)
    assert "Your login methods" in walk.get("/").content.decode()


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
    assert "Enter the code" in page.content.decode()
    assert device.token_set.count() == 1
