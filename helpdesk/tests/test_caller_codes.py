"""A caller proves with a code of a registered device that they own the account. The code gives no other access."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from common.languages import support_phone
from helpdesk import caller_codes
from helpdesk.models import ActionRecord, Call
from helpdesk.tests.people import act_page, words
from mfa_sms import codes, gsm, texts
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_totp.tests.helpers import app_of, code_of
from tests.fixtures import Browser, Outbox, Walk
from tests.helpers import is_signed_in


def call_page(account: Account) -> str:
    return reverse("admin:helpdesk_call", args=[account.pk])


def ask(browser: Browser, device: Any) -> Any:
    """Begin another call without a proof, and ask for a code of the device."""
    browser.post(call_page(device.user), {"do": "end"})
    browser.post(call_page(device.user), {"do": "begin", "case_number": "INC-1042"})
    return browser.post(call_page(device.user), {"do": "ask", "device": device.persistent_id}, follow=True)


def read_out(browser: Browser, account: Account, code: str) -> Any:
    """Enter the code that the caller reads out."""
    return browser.post(call_page(account), {"do": "answer", "code": code}, follow=True)


def sent_code() -> str:
    return str(codes.derive(Challenge.objects.filter(purpose=Purpose.CALLER).latest("pk")))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_asvs_6_4_4_the_right_code_is_the_proof_of_the_call(desk: Browser, agent: Account, phone: SmsDevice) -> None:
    page = words(ask(desk, phone))
    assert sent_code() not in page
    read_out(desk, phone.user, sent_code())
    call = Call.objects.get()
    assert call.proof == "code"
    assert call.proof_detail.endswith("78")
    desk.post(act_page(phone.user, "unlock"), {"note": ""})
    assert ActionRecord.objects.get().proof == "code"
    events = SecurityEvent.objects.filter(kind__startswith="caller_code").order_by("pk")
    assert [(event.kind, event.actor, event.device_id) for event in events] == [
        ("caller_code_sent", agent, phone.pk),
        ("caller_code_right", agent, phone.pk),
    ]


def test_a_wrong_code_proves_nothing_and_uses_up_none_of_the_owners_tries(desk: Browser, phone: SmsDevice) -> None:
    ask(desk, phone)
    page = read_out(desk, phone.user, wrong(sent_code()))
    assert "code" in page.context["code_form"].errors
    assert Call.objects.get().proof == ""
    phone.refresh_from_db()
    assert phone.failures == 0
    assert SecurityEvent.objects.get(kind="caller_code_refused").reason == "wrong"


def test_five_wrong_codes_end_the_code(desk: Browser, phone: SmsDevice) -> None:
    ask(desk, phone)
    code = sent_code()
    for _time in range(settings.SMS_CODE_TRIES):
        read_out(desk, phone.user, wrong(code))
    read_out(desk, phone.user, code)
    assert Call.objects.get().proof == ""


def test_a_day_has_few_wrong_codes_over_all_calls(desk: Browser, phone: SmsDevice, settings: Any) -> None:
    settings.CALLER_CODE_FAILURES_PER_DAY = 2
    for _call in range(2):
        ask(desk, phone)
        read_out(desk, phone.user, wrong(sent_code()))
    ask(desk, phone)
    read_out(desk, phone.user, sent_code())
    assert not Call.objects.filter(proof="code").exists()
    assert SecurityEvent.objects.filter(kind="limit_reached", account=phone.user).exists()


def test_the_code_of_a_call_logs_nobody_in(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    ask(desk, phone)
    walk.code(sent_code())
    assert not is_signed_in(walk.browser)


def test_the_code_of_a_login_is_no_proof_for_a_caller(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    login_code = walk.outbox.codes[-1]
    ask(desk, phone)
    read_out(desk, phone.user, login_code)
    assert Call.objects.get().proof == ""


def test_the_code_of_one_call_is_no_proof_in_another(desk: Browser, phone: SmsDevice) -> None:
    ask(desk, phone)
    first = sent_code()
    TextMessage.objects.all().delete()
    ask(desk, phone)
    read_out(desk, phone.user, first)
    assert Call.objects.latest("pk").proof == ""


def test_the_text_says_to_read_it_out_only_after_an_own_call(
    desk: Browser, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    ask(desk, phone)
    text = sms_outbox.messages[-1]["text"]
    assert text.startswith(sent_code())
    assert f"#{sent_code()}" not in text  # no browser offers to fill it in
    for language in ("da", "en"):
        text = texts.compose(Purpose.CALLER, language, "123456", "login.example")
        assert gsm.foreign(text) == ""
        assert gsm.measure(text).parts == 1
        with override(language):
            assert support_phone() in text


def test_the_text_is_in_the_owners_language(desk: Browser, phone: SmsDevice) -> None:
    ask(desk, phone)
    assert TextMessage.objects.get().language == phone.user.language


def test_a_second_press_sends_no_second_message(desk: Browser, phone: SmsDevice) -> None:
    ask(desk, phone)
    desk.post(call_page(phone.user), {"do": "ask", "device": phone.persistent_id})
    assert TextMessage.objects.count() == 1


def test_an_agents_codes_have_a_limit_of_their_own(desk: Browser, walk: Walk, phone: SmsDevice, settings: Any) -> None:
    settings.SMS_CALLER_PER_DAY = 1
    ask(desk, phone)
    ask(desk, phone)
    assert TextMessage.objects.count() == 1
    assert SecurityEvent.objects.filter(kind="limit_reached").count() == 1
    walk.signed_in(phone)
    assert is_signed_in(walk.browser)


def test_the_code_of_an_app_is_a_proof_once(desk: Browser, student: Account) -> None:
    app = app_of(student)
    ask(desk, app)
    code = code_of(app)
    read_out(desk, student, code)
    assert Call.objects.get().proof == "code"
    ask(desk, app)
    page = read_out(desk, student, code)
    assert "code" in page.context["code_form"].errors
    assert Call.objects.latest("pk").proof == ""


def test_no_device_of_a_reported_account_proves_anything(desk: Browser, phone: SmsDevice) -> None:
    states.report(phone.user)
    ask(desk, phone)
    assert not TextMessage.objects.exists()
    assert caller_codes.devices(phone.user) == []


def test_a_locked_device_and_an_unconfirmed_one_prove_nothing(desk: Browser, phone: SmsDevice) -> None:
    other = SmsDevice.objects.create(user=phone.user, number="+4526123499", confirmed=False)
    phone.disable()
    for device in (phone, other):
        ask(desk, device)
    assert not TextMessage.objects.exists()


@pytest.mark.parametrize("code", ["", "12345", "abc"])
def test_what_is_no_code_is_not_counted(desk: Browser, phone: SmsDevice, code: str) -> None:
    ask(desk, phone)
    read_out(desk, phone.user, code)
    assert not SecurityEvent.objects.filter(kind="caller_code_refused").exists()
