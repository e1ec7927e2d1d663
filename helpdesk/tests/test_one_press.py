"""One press of a button does one thing: on a double press, after a reload, and on a page that is out of date."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from time_machine import travel

from accounts.models import Account
from backoffice import roles
from common.client_info import ClientInfo
from helpdesk import perform, presses
from helpdesk.models import ActionRecord, ShownSecret
from helpdesk.presses import Press
from helpdesk.registry import ActionRefused, ActionResult
from helpdesk.tests.people import SAID, act_named, act_page, agent_of, browser_of, do, words
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import give, shown
from mfa_sms.models import SmsDevice
from mfa_sms.tests.races import at_once
from mfa_totp.tests.helpers import app_of
from tests.fixtures import Browser, Outbox
from tests.helpers import picture

HIDDEN = re.compile(r'type="hidden" name="(press|seen)" value="([^"]*)"')


def opened(browser: Browser, account: Account, slug: str = "reset") -> dict[str, str]:
    """Open the page of an action, and return what its form carries."""
    return dict(HIDDEN.findall(words(browser.get(act_page(account, slug)))))


def english(text: str) -> str:
    with override("en"):
        return gettext(text)


def test_a_double_press_gives_one_pass_and_both_presses_show_it(desk: Browser, phone: SmsDevice) -> None:
    form = {**SAID, **opened(desk, phone.user)}
    first, second = (desk.post(act_page(phone.user, "reset"), form) for _press in range(2))
    assert first["Location"] == second["Location"]
    assert shown(first) == shown(second)
    assert ActionRecord.objects.count() == AccessPass.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_two_presses_at_the_same_moment_give_one_pass() -> None:
    agent, account = agent_of(roles.HELPDESK, "agt100"), agent_of("", "stu100", is_staff=False, is_employee=False)
    Account.objects.filter(pk=account.pk).update(is_student=True)
    press = Press(presses.new_key(), 0, "session")
    job = partial(perform.perform_action, agent, act_named("reset"), account, dict(SAID), ClientInfo(), {}, press)
    done = at_once([job, job])
    assert len({result.record_id for result in done if isinstance(result, ActionResult)}) == 1
    assert ActionRecord.objects.count() == AccessPass.objects.count() == 1


def test_a_reload_of_the_page_with_the_code_shows_it_again_and_does_nothing(desk: Browser, phone: SmsDevice) -> None:
    page = desk.post(act_page(phone.user, "reset"), {**SAID, **opened(desk, phone.user)})["Location"]
    before = picture()
    responses = [desk.get(page) for _load in range(2)]
    assert shown(responses[0]) == shown(responses[1])
    assert "no-store" in responses[0].headers["Cache-Control"]
    assert picture() == before


def test_the_code_is_gone_once_it_is_read_out(desk: Browser, phone: SmsDevice) -> None:
    page = desk.post(act_page(phone.user, "reset"), SAID)["Location"]
    code = shown(desk.get(page))
    assert desk.post(page)["Location"] == reverse("admin:accounts_account_change", args=[phone.user.pk])
    assert code not in words(desk.get(page))
    assert not ShownSecret.objects.exists()


def test_the_code_is_gone_after_some_minutes_and_the_night_deletes_it(desk: Browser, phone: SmsDevice) -> None:
    page = desk.post(act_page(phone.user, "reset"), SAID)["Location"]
    code = shown(desk.get(page))
    with travel(timezone.now() + settings.HELPDESK_SECRET_SHOWN + timedelta(seconds=1)):
        assert code not in words(desk.get(page))
        assert presses.delete_expired() == 1


def test_no_other_session_and_no_other_agent_sees_the_code(
    desk: Browser, agent: Account, phone: SmsDevice, sms_outbox: Outbox, lead: Account
) -> None:
    page = desk.post(act_page(phone.user, "reset"), SAID)["Location"]
    code = shown(desk.get(page))
    assert code not in words(browser_of(agent, sms_outbox).get(page))
    assert browser_of(lead, sms_outbox).get(page).status_code == 404


def test_the_stored_code_is_not_readable(desk: Browser, phone: SmsDevice) -> None:
    code = shown(desk.post(act_page(phone.user, "reset"), SAID))
    kept = bytes(ShownSecret.objects.get().encrypted).decode()
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_a_page_that_is_out_of_date_is_refused_with_what_has_changed(
    desk: Browser, phone: SmsDevice, lead: Account, sms_outbox: Outbox
) -> None:
    stale = {**SAID, **opened(desk, phone.user), "note": "Ny mobil i morgen."}
    do(browser_of(lead, sms_outbox), phone.user, "reset", note="")
    new = app_of(phone.user)
    page = words(desk.post(act_page(phone.user, "reset"), stale))
    assert english("The account has changed since you opened this page.") in page
    with override("en"):
        assert str(act_named("reset").verb) in page.partition("helpdesk-changes")[2]
    assert lead.get_full_name() in page
    assert "Ny mobil i morgen." in page
    assert type(new).objects.filter(pk=new.pk).exists()
    assert ActionRecord.objects.count() == 1


def test_what_changes_nothing_does_not_make_a_page_out_of_date(desk: Browser, phone: SmsDevice) -> None:
    form = {**SAID, **opened(desk, phone.user, "unlock")}
    do(desk, phone.user, "add-note", note="Ringer igen kl. 14.")
    desk.post(act_page(phone.user, "unlock"), form)
    assert ActionRecord.objects.filter(action="unlock").exists()


@pytest.mark.parametrize("slug", ["reset", "access-pass"])
def test_a_pass_that_works_is_not_ended_without_a_tick(
    desk: Browser, phone: SmsDevice, lead: Account, slug: str
) -> None:
    give(phone.user, lead)
    page: Any = desk.post(act_page(phone.user, slug), {**SAID, "life": "60"})
    assert "replaces" in page.context["form"].errors
    assert lead.get_full_name() in words(page)
    assert AccessPass.objects.get().created_by == lead
    followed = words(do(desk, phone.user, slug, life="60", replaces="on"))
    assert lead.get_full_name() in followed
    assert AccessPass.objects.get().created_by != lead


def test_a_pass_that_was_given_after_the_form_was_checked_is_not_ended(
    agent: Account, lead: Account, phone: SmsDevice
) -> None:
    give(phone.user, lead)
    said = {**SAID, "life": timedelta(hours=1), "more_than_once": False}
    for slug in ("reset", "access-pass"):
        with pytest.raises(ActionRefused):
            perform.perform_action(agent, act_named(slug), phone.user, said, ClientInfo())
    assert AccessPass.objects.get().created_by == lead
    assert SmsDevice.objects.exists()


def test_every_page_of_an_action_that_helps_a_caller_says_what_it_means_for_somebody_else(
    desk: Browser, phone: SmsDevice
) -> None:
    for slug in ("reset", "access-pass", "unlock", "end-sessions", "remove-device", "block", "require-new-password"):
        assert act_named(slug).attacker, slug
        assert english("If the caller is someone else:") in words(desk.get(act_page(phone.user, slug))), slug
