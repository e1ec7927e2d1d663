"""A call: the case number and the proof of identity are entered once, for one account, until the call ends."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django.fixtures import Settings
from time_machine import travel

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk import calls, timeline
from helpdesk.models import ActionRecord, Call, IdentityProof
from helpdesk.tests.people import SAID, act_page, do, words
from mfa_sms.models import SmsDevice
from tests.fixtures import Browser
from tests.helpers import picture

BARE = {"note": ""}


def call_page(account: Account) -> str:
    return reverse("admin:helpdesk_call", args=[account.pk])


def asked(browser: Browser, account: Account, slug: str = "unlock") -> set[str]:
    """Return the fields for which the page of an action asks."""
    return set(browser.get(act_page(account, slug)).context["form"].fields)


def test_what_is_entered_in_one_action_is_not_asked_for_again(desk: Browser, phone: SmsDevice) -> None:
    do(desk, phone.user, "unlock")
    assert asked(desk, phone.user, "reset") == {"note"}
    desk.post(act_page(phone.user, "reset"), BARE)
    first, second = ActionRecord.objects.order_by("pk")
    assert (second.proof, second.proof_detail, second.case_number) == (first.proof, ":4711", first.case_number)
    assert first.call == second.call == Call.objects.get()


def test_a_call_is_begun_with_its_case_number_and_its_event(desk: Browser, agent: Account, phone: SmsDevice) -> None:
    desk.post(call_page(phone.user), {"do": "begin", "case_number": "INC-1042"})
    call = Call.objects.get()
    assert (call.agent, call.account, call.case_number, call.proof) == (agent, phone.user, "INC-1042", "")
    event = SecurityEvent.objects.get(kind="call_began")
    assert (event.actor, event.account, event.detail) == (agent, phone.user, call.reference)
    assert "case_number" not in asked(desk, phone.user)
    assert "proof" in asked(desk, phone.user)
    assert call.reference in words(desk.get(reverse("admin:accounts_account_change", args=[phone.user.pk])))


def test_a_proof_in_the_call_counts_for_its_actions(desk: Browser, phone: SmsDevice) -> None:
    desk.post(call_page(phone.user), {"do": "begin", "case_number": "INC-1042"})
    said = {"do": "prove", "proof": "in_person", "document": "passport", "document_end": "x9k2"}
    desk.post(call_page(phone.user), said)
    assert SecurityEvent.objects.filter(kind="caller_checked", reason="in_person").count() == 1
    desk.post(act_page(phone.user, "unlock"), BARE)
    record = ActionRecord.objects.get()
    assert (record.proof, record.proof_detail) == ("in_person", "passport:X9K2")
    with override("en"):
        assert calls.proof_words(record.proof, record.proof_detail) == "In person, with ID · Passport · ends in X9K2"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"proof": "mitid", "document_end": ""}, "document_end"),
        ({"proof": "mitid", "document_end": "12"}, "document_end"),
        ({"proof": "in_person", "document_end": "1234"}, "document"),
        ({"proof": "video", "document": "passport", "document_end": ""}, "document_end"),
        ({"proof": "call_back"}, "proof"),
        ({"proof": "code"}, "proof"),
    ],
)
def test_asvs_6_4_4_a_proof_says_what_was_seen(
    desk: Browser, phone: SmsDevice, said: dict[str, str], field: str
) -> None:
    before = picture()
    response = desk.post(act_page(phone.user, "unlock"), {**SAID, **said})
    assert field in response.context["form"].errors
    assert picture() == before


def test_a_number_must_be_shown_before_a_call_back_is_a_proof(desk: Browser, phone: SmsDevice) -> None:
    page = words(do(desk, phone.user, "call-back", device=str(phone.pk)))
    assert "26 12 34 78" in page.replace("\N{NO-BREAK SPACE}", " ")
    event = SecurityEvent.objects.get(kind="helpdesk_action_performed", reason="call-back")
    assert "26123478" not in event.detail.replace(" ", "")
    desk.post(act_page(phone.user, "unlock"), {**SAID, "proof": "call_back"})
    assert ActionRecord.objects.get(action="unlock").proof == IdentityProof.CALL_BACK


def test_an_agent_sees_few_numbers_in_a_day(desk: Browser, phone: SmsDevice, settings: Settings) -> None:
    settings.NUMBERS_SHOWN_PER_DAY = 1
    for _time in range(2):
        do(desk, phone.user, "call-back", device=str(phone.pk))
    assert ActionRecord.objects.filter(action="call-back").count() == 1
    assert SecurityEvent.objects.filter(kind="limit_reached").count() == 1


def test_a_call_ends_after_half_an_hour(desk: Browser, phone: SmsDevice) -> None:
    do(desk, phone.user, "unlock")
    call = Call.objects.get()
    with travel(timezone.now() + configured.CALL_LIFE + timedelta(seconds=1)):
        assert not Call.objects.get().is_open
        assert calls.open_call(call.agent, phone.user) is None


def test_a_call_ends_by_hand(desk: Browser, phone: SmsDevice) -> None:
    do(desk, phone.user, "unlock")
    desk.post(call_page(phone.user), {"do": "end"})
    assert {"proof", "case_number"} <= asked(desk, phone.user)


def test_the_next_caller_does_not_inherit_the_proof_of_the_last(
    desk: Browser, phone: SmsDevice, employee: Account
) -> None:
    do(desk, phone.user, "unlock")
    do(desk, employee, "end-sessions")
    assert {"proof", "case_number"} <= asked(desk, phone.user)
    assert Call.objects.filter(ended_at=None).get().account == employee


def test_a_call_is_of_one_agent(desk: Browser, phone: SmsDevice, lead: Account) -> None:
    do(desk, phone.user, "unlock")
    assert calls.open_call(lead, phone.user) is None


def test_the_account_tells_calls_actions_and_notes_with_time_words_and_agent(
    desk: Browser, agent: Account, phone: SmsDevice
) -> None:
    do(desk, phone.user, "unlock", note="Ringede fra sit arbejde.")
    desk.post(act_page(phone.user, "add-note"), {"note": "Ringer igen kl. 14."})
    with override("en"):
        rows = timeline.account_rows(phone.user, 10)
    assert [row.kind for row in rows] == ["note", "action", "call"]
    assert {row.who for row in rows} == {agent.get_full_name()}
    assert rows[0].words == "Ringer igen kl. 14."
    for said in ("MitID", "ends in 4711", "INC-1042", "Ringede fra sit arbejde."):
        assert said in rows[1].words
    assert Call.objects.get().reference in rows[2].words


def test_a_note_is_one_record_with_an_event_and_needs_neither_proof_nor_case(
    desk: Browser, agent: Account, student: Account
) -> None:
    Account.objects.filter(pk=student.pk).update(is_active=False)
    desk.post(act_page(student, "add-note"), {"note": ""})
    assert not ActionRecord.objects.exists()
    desk.post(act_page(student, "add-note"), {"note": "Har været offer for phishing."})
    record = ActionRecord.objects.get()
    assert (record.agent, record.note, record.case_number) == (agent, "Har været offer for phishing.", "")
    assert record.event.kind == "helpdesk_action_performed"
    assert not student.notices.exists()
