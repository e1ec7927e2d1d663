"""Independent relying parties: Debian's Apache with mod_auth_openidc protects a page that prints its claims."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.apache import INSTALLED, MISSING
from tests.browser.guide import Guide
from tests.oidc.conftest import BANK, CLUB, EMPLOYEES, LIBRARY, MAIL, World, can_be_read, claim, is_at, walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not INSTALLED, reason=MISSING),
]


def test_the_guide_leads_to_the_service_and_the_service_knows_who_it_is(page: Page, guide: Guide) -> None:
    page.goto(MAIL.url)
    walk(guide, MAIL)
    is_at(page, MAIL)
    assert claim(page, "preferred_username") == guide.person.account_name
    assert claim(page, "email") == guide.person.mail_address
    assert claim(page, "eduperson_affiliation") == "student,member"
    assert claim(page, "acr") == "https://refeds.org/profile/mfa"
    assert claim(page, "amr") == "pwd,sms,mfa"
    assert len(claim(page, "sub")) == 36


def test_a_second_service_asks_for_no_second_code(page: Page, guide: Guide) -> None:
    page.goto(MAIL.url)
    walk(guide, MAIL)
    is_at(page, MAIL)
    subject, codes = claim(page, "sub"), guide.phone.asked_for
    page.goto(LIBRARY.url)
    is_at(page, LIBRARY)
    assert claim(page, "sub") == subject
    assert guide.phone.asked_for == codes


def test_a_service_that_wants_a_fresh_proof_gets_one_and_asks_once(page: Page, guide: Guide) -> None:
    page.goto(MAIL.url)
    walk(guide, MAIL)
    is_at(page, MAIL)
    before = int(claim(page, "auth_time"))
    page.goto(BANK.url)
    guide.choose()
    guide.sign_in_code()
    is_at(page, BANK)
    assert int(claim(page, "auth_time")) > before
    assert guide.phone.asked_for == 2


def test_a_student_who_wants_to_a_service_for_employees_reads_why_not(page: Page, guide: Guide) -> None:
    page.goto(EMPLOYEES.url)
    walk(guide, EMPLOYEES)
    expect(page.get_by_role("heading", level=1)).to_have_text("Du kan ikke bruge tjenesten")
    expect(page.get_by_role("main")).to_contain_text(f"{EMPLOYEES.name} er for ansatte")
    expect(page.get_by_role("main")).to_contain_text(guide.person.account_name)
    can_be_read(page)


def test_a_service_of_others_is_told_once_the_person_has_agreed(page: Page, guide: Guide) -> None:
    page.goto(CLUB.url)
    walk(guide, CLUB)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Må {CLUB.name} vide, hvem du er?")
    can_be_read(page)
    guide.press("Fortsæt")
    is_at(page, CLUB)
    assert claim(page, "preferred_username") == guide.person.account_name


def test_who_is_signed_in_as_somebody_else_than_expected_may_change(page: Page, guide: Guide, world: World) -> None:
    page.goto(MAIL.url)
    walk(guide, MAIL)
    is_at(page, MAIL)
    asked = {"iss": f"{world.portal.url}/oidc", "login_hint": "zzz999@alumni.ku.dk", "target_link_uri": f"{MAIL.url}/"}
    page.goto(f"{MAIL.url}/back?{urlencode(asked)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hvem vil fortsætte?")
    can_be_read(page)
    guide.press("Brug et andet brugernavn")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")
    expect(page.get_by_label("KU-brugernavn")).to_have_value("zzz999@alumni.ku.dk")


def test_who_signs_out_at_a_service_is_signed_out_here_and_at_the_others(page: Page, guide: Guide) -> None:
    page.goto(MAIL.url)
    walk(guide, MAIL)
    is_at(page, MAIL)
    page.goto(LIBRARY.url)
    is_at(page, LIBRARY)
    page.goto(f"{MAIL.url}/back?logout={MAIL.url}/signed-out.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
    page.goto("/security-info/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")


def test_who_signs_out_here_is_signed_out_at_the_services(page: Page, guide: Guide) -> None:
    page.goto(MAIL.url)
    walk(guide, MAIL)
    is_at(page, MAIL)
    guide.sign_out()

    def led_here() -> bool:
        page.goto(MAIL.url)
        return page.get_by_text(f"Log ind for at fortsætte til {MAIL.name}").is_visible()

    for _again in range(50):
        if led_here():
            break
    assert led_here()
