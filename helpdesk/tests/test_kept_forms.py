"""Text that an agent has typed survives the end of the session and a step-up."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from time_machine import travel

from accounts.models import Account
from backoffice import roles
from campaigns.models import EnrollmentCampaign
from helpdesk.models import ActionRecord
from helpdesk.tests.people import SAID, act_page, agent_of, browser_of, words
from mfa_sms.models import SmsDevice
from sessions.models import Session
from sign_in import kept_forms
from tests.fixtures import PASSWORD, Browser, Outbox
from tests.helpers import STATIC_CODE, single_use_code

ADD = "/admin/campaigns/enrollmentcampaign/add/"
TYPED = {"name": "Forår 2027", "audience": "students", "text_da": "Alle skal have to-faktor-login."}
IDLE = timedelta(minutes=31)


def signs_in_again(browser: Browser, agent: Account, path: str) -> Any:
    """Follow the redirect to the sign-in, sign in, and return the page that follows."""
    single_use_code(agent, "ijklmnop")
    begin = browser.get(path, follow=True).redirect_chain[-1][0]
    named: Any = browser.post(begin, {"account_name": str(agent.account_name)})
    journey = named["Location"].partition("/sign-in/")[0]
    browser.post(f"{journey}/sign-in/password/", {"password": PASSWORD})
    return browser.post(f"{journey}{STATIC_CODE}", {"code": "ijklmnop"}, follow=True)


def test_an_action_that_was_posted_too_late_comes_back_with_what_was_typed(
    desk: Browser, agent: Account, phone: SmsDevice
) -> None:
    said = {**SAID, "note": "Skal til eksamen kl. 9.", "code": "123456"}
    with travel(timezone.now() + IDLE):
        away = desk.post(act_page(phone.user, "unlock"), said)
        assert away.status_code == 302
        page = signs_in_again(desk, agent, away["Location"])
        assert page.request["PATH_INFO"] == act_page(phone.user, "unlock")
        for typed in ("Skal til eksamen kl. 9.", "INC-1042", "4711"):
            assert typed in words(page)
        assert page.context["form"].initial["proof"] == "mitid"
        assert not ActionRecord.objects.exists()


def test_another_agent_at_the_same_computer_does_not_get_it(desk: Browser, lead: Account, phone: SmsDevice) -> None:
    with travel(timezone.now() + IDLE):
        away = desk.post(act_page(phone.user, "unlock"), {**SAID, "note": "Skal til eksamen kl. 9."})
        page = signs_in_again(desk, lead, away["Location"])
        assert page.request["PATH_INFO"] == act_page(phone.user, "unlock")
        assert "Skal til eksamen" not in words(page)


def test_a_strangers_post_is_not_kept(client: Browser, phone: SmsDevice) -> None:
    client.post(act_page(phone.user, "unlock"), SAID)
    assert kept_forms._SESSION_KEY not in client.session


def test_what_is_kept_is_encrypted_and_has_no_code(desk: Browser, phone: SmsDevice) -> None:
    with travel(timezone.now() + IDLE):
        desk.post(act_page(phone.user, "unlock"), {**SAID, "note": "Skal til eksamen.", "code": "123456"})
        stored = str(desk.session[kept_forms._SESSION_KEY])
        assert "eksamen" not in stored
        assert "eksamen" not in repr(list(Session.objects.values_list()))


def test_a_campaign_survives_the_step_up(sms_outbox: Outbox, db: None) -> None:
    administrator = agent_of(roles.ADMINISTRATOR, "adm111")
    browser = browser_of(administrator, sms_outbox)
    session = browser.session
    session["proven"] = {**session["proven"], "at": time.time() - settings.STEP_UP_LIFE.total_seconds() - 1}
    session.save()
    assert browser.post(ADD, TYPED)["Location"] == "/sign-in/verify/"
    single_use_code(administrator, "ijklmnop")
    page = browser.post(STATIC_CODE, {"code": "ijklmnop"}, follow=True)
    assert page.request["PATH_INFO"] == ADD
    for typed in (TYPED["name"], TYPED["text_da"]):
        assert typed in words(page)
    assert not EnrollmentCampaign.objects.exists()


def test_huge_posts_are_not_kept(desk: Browser, phone: SmsDevice) -> None:
    with travel(timezone.now() + IDLE):
        desk.post(act_page(phone.user, "unlock"), {**SAID, "note": "x" * settings.KEPT_FORM_LENGTH})
        assert kept_forms._SESSION_KEY not in desk.session


@pytest.mark.parametrize("passed", [settings.KEPT_FORM_LIFE + timedelta(minutes=32)])
def test_what_is_kept_is_forgotten_after_an_hour(
    desk: Browser, agent: Account, phone: SmsDevice, passed: timedelta
) -> None:
    start = timezone.now()
    with travel(start + IDLE):
        away = desk.post(act_page(phone.user, "unlock"), {**SAID, "note": "Skal til eksamen."})
    with travel(start + passed):
        assert "Skal til eksamen" not in words(signs_in_again(desk, agent, away["Location"]))
