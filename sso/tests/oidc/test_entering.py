"""A service sends a person here and learns who they are."""

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sso.tests.oidc.service import REDIRECT_URI, Service, back, go_on
from tests.fixtures import Walk
from tests.helpers import kinds


def test_a_person_who_is_not_signed_in_is_led_through_the_guide_and_back_with_a_code(
    walk: Walk, phone: SmsDevice, service: Service
) -> None:
    address = service.address()
    response = walk.browser.get(address)
    assert "Log ind for at fortsætte til KUmail" in response.content.decode()
    walk.name(phone.user, address)
    walk.password()
    walk.send(phone)
    walk.code()
    response = walk.browser.post("/sign-in/stay/", {"stay": "no"})
    answer = back(go_on(walk.browser, response))
    assert (answer["state"], answer["iss"]) == ("a state", "http://127.0.0.1:8000/oidc")
    assert service.change(answer["code"]).status_code == 200
    assert kinds()[-1] == "service_signed_in"


def test_the_pages_name_the_service_in_the_language_of_the_person(walk: Walk, service: Service) -> None:
    walk.browser.cookies["language"] = "en"
    assert "Log in to continue to KUmail (English)" in walk.get(service.address()).content.decode()


def test_every_page_on_the_way_names_the_service(walk: Walk, student: Account, service: Service) -> None:
    walk.browser.cookies["language"] = "en"
    pages = [walk.get(service.address()), walk.name(student, service.address()), walk.password(), walk.number()]
    walk.enroll_code()
    done = walk.browser.post(f"{walk.journey}/enroll/done/", {"backup": "mfa_recovery"}, follow=True)
    pages.append(done)  # the flow leads to the codes first
    pages.append(walk.send(SmsDevice.objects.get()))
    for page in pages:
        assert "Log in to continue to KUmail (English)" in page.content.decode(), page.request["PATH_INFO"]


def test_a_person_who_is_signed_in_sees_no_page_at_all(person: Walk, service: Service) -> None:
    assert "code" in back(person.browser.get(service.address()))


def test_a_password_alone_leads_to_no_code(walk: Walk, phone: SmsDevice, service: Service) -> None:
    walk.to_password(phone.user)
    response = walk.browser.get(service.address())
    assert 'name="account_name"' in response.content.decode()


def test_the_name_that_the_service_expects_stands_in_the_field(walk: Walk, service: Service, student: Account) -> None:
    page = walk.get(service.address(login_hint=str(student.account_name))).content.decode()
    assert f'value="{student.account_name}"' in page


def test_what_is_no_name_does_not_stand_in_the_field(walk: Walk, service: Service) -> None:
    page = walk.get(service.address(login_hint="<b>nobody</b>")).content.decode()
    assert 'name="account_name" value' not in page


def test_the_service_chooses_the_language_of_who_has_chosen_none(walk: Walk, service: Service) -> None:
    assert walk.get(service.address(ui_locales="fr en-GB da"))["Content-Language"] == "en"
    assert walk.get("/sign-in/password/")["Content-Language"] == "en"


def test_the_language_of_the_service_lasts_to_the_last_page_unless_the_account_has_one(
    walk: Walk, service: Service, phone: SmsDevice
) -> None:
    walk.get(service.address(ui_locales="en"))
    assert walk.to_code(phone).code()["Content-Language"] == "en"
    assert walk.browser.cookies["language"].value == "en"
    Account.objects.update(language="da", language_known=True)
    another = Walk(walk.outbox)
    another.get(service.address(ui_locales="en"))
    assert another.name(phone.user)["Content-Language"] == "en"
    assert another.password()["Content-Language"] == "da"


def test_the_service_does_not_change_the_language_that_was_chosen(walk: Walk, service: Service) -> None:
    walk.browser.cookies["language"] = "da"
    assert walk.get(service.address(ui_locales="en"))["Content-Language"] == "da"


def test_a_query_in_the_redirect_uri_comes_back_to_the_letter(person: Walk, service: Service) -> None:
    service.client.redirect_uris = f"{REDIRECT_URI}?tab=a%20b+c&x"
    service.client.save()
    response = person.browser.get(service.address(redirect_uri=f"{REDIRECT_URI}?tab=a%20b+c&x"))
    assert response["Location"].startswith(f"{REDIRECT_URI}?tab=a%20b+c&x&code=")
