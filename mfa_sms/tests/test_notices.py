"""The old number is notified by SMS of changes to the owner's login. Notices do not disturb codes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common import publishing
from common.client_info import ClientInfo
from common.metrics import render_metrics
from common.publishing import Publisher
from helpdesk import notices as helpdesk_notices
from kumfa.celery import app
from mfa_recovery import notices as recovery_notices
from mfa_sms import checks, delivery, gsm, limits, notifier, retention, sweep, tasks, texts
from mfa_sms.budgets import NOTICE_BUDGET
from mfa_sms.gateways import GatewayFault
from mfa_sms.models import Purpose, SmsDevice, TextMessage
from mfa_sms.sending import Queued
from mfa_sms.tests.fakes import FakeGateway, failing, use
from mfa_sms.tests.helpers import Clock, ask, asked, code_of, pending_of, queued
from notices import kinds, own_notices
from notices.kinds import NoticeKind
from sign_in import enrollment, methods
from sign_in.pending import FlowPurpose
from tests.fixtures import Outbox, Walk, confirmed_phone

Status = TextMessage.Status
SILENT = [kind for kind in kinds.all_kinds() if kind not in texts.notice_texts()]


def gone(*args: Any, **kwargs: Any) -> None:
    raise ConnectionError


def told(phone: SmsDevice, kind: NoticeKind = own_notices.DEVICE_ADDED) -> None:
    """Send the owner a notice by SMS, and run the worker."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        notifier.send_notice(phone, kind)


def notice(phone: SmsDevice, **fields: Any) -> TextMessage:
    """Queue a notice directly."""
    fields = {"expires_at": timezone.now() + timedelta(days=1), "language": "da", "number": phone.number, **fields}
    return TextMessage.objects.create(
        account=phone.user, device=phone, purpose=TextMessage.NOTICE, notice=own_notices.DEVICE_ADDED, **fields
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (own_notices.DEVICE_ADDED, "A login method was added to your UCPH account."),
        (own_notices.DEVICE_CHANGED, "A login method of your UCPH account was changed."),
        (own_notices.DEVICE_REMOVED, "A login method was removed from your UCPH account."),
        (recovery_notices.RECOVERY_CODES_MADE, "New recovery codes were made for your UCPH account."),
        (recovery_notices.RECOVERY_CODE_USED, "A recovery code was used for your UCPH account."),
    ],
)
def test_a_notice_says_what_happened_and_whom_to_call(
    phone: SmsDevice, sms_outbox: Outbox, kind: NoticeKind, words: str
) -> None:
    phone.user.language = "en"
    told(phone, kind)
    assert [message["to"] for message in sms_outbox.messages] == ["+4526123478"]
    assert sms_outbox.messages[0]["text"] == f"{words} If this was not you, call IT Support on +45 35 32 32 32."
    message = TextMessage.objects.get()
    assert (message.purpose, message.notice, message.status) == ("notice", kind, Status.SENT)
    assert (message.challenge, message.language) == (None, "en")


@pytest.mark.parametrize("kind", SILENT)
def test_of_some_kinds_no_sms_tells(phone: SmsDevice, sms_outbox: Outbox, kind: NoticeKind) -> None:
    assert set(SILENT) == {
        recovery_notices.RECOVERY_CODES_LOW,
        own_notices.SECOND_FACTOR_MISSING,
        own_notices.GUESSED_PASSWORDS,
        own_notices.MANY_WRONG_CODES,
        # These tell agents of their work.
        helpdesk_notices.APPROVAL_REQUESTED,
        helpdesk_notices.APPROVAL_EXPIRED,
        helpdesk_notices.CASE_WAITS,
    }
    told(phone, kind)
    assert sms_outbox.messages == []
    assert not TextMessage.objects.exists()


@pytest.mark.parametrize("kind", list(texts.notice_texts()))
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_notice_is_one_message_without_a_link_or_a_code(kind: str, language: str) -> None:
    text = texts.compose_notice(texts.notice_texts()[kind], language)
    measure = gsm.measure(text)
    assert measure.gsm7
    assert measure.parts == 1
    assert measure.units <= NOTICE_BUDGET == 160
    assert "http" not in text
    assert "@" not in text
    assert "#" not in text
    assert "35 32 32 32" in text
    assert ("+45" in text) == (language == "en")


def test_the_system_check_covers_the_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "compose", lambda *args: "")
    for text, found in (("\u201d", "mfa_sms.E004"), ("a" * 161, "mfa_sms.E005")):
        monkeypatch.setattr(texts, "compose_notice", lambda *args, text=text: text)
        assert [message.id for message in checks.texts_fit()] == [found] * 2 * len(texts.notice_texts())


def test_n_4_1_2_1_the_old_number_is_told_of_its_change(student: Account, sms_outbox: Outbox) -> None:
    old = confirmed_phone(student)
    new = confirmed_phone(student, "+4526123499")
    pending = replace(pending_of(student), purpose=FlowPurpose.ADD, replaces=old.persistent_id)
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        enrollment.confirmed(pending, new, ClientInfo())
    assert list(SmsDevice.objects.all()) == [new]
    assert [message["to"] for message in sms_outbox.messages] == ["+4526123478"]
    message = TextMessage.objects.get()
    assert (message.notice, message.device, message.status) == ("device_changed", None, Status.SENT)


def test_n_4_1_2_1_a_new_number_is_not_told_of_itself(walk: Walk, student: Account) -> None:
    walk.enrolled(student)
    assert not TextMessage.objects.filter(purpose=TextMessage.NOTICE).exists()


def test_a_locked_phone_and_one_that_may_no_longer_be_used_are_told(phone: SmsDevice, sms_outbox: Outbox) -> None:
    SmsDevice.objects.update(disabled_at=timezone.now())
    Account.objects.update(is_student=False, is_employee=True)
    (option,) = methods.devices(phone.user.pk)
    assert not option.usable
    with TestCase.captureOnCommitCallbacks(execute=True):
        option.method.send_notice(option.device, own_notices.DEVICE_REMOVED)
    assert len(sms_outbox.messages) == 1


def test_a_notice_goes_to_the_default_queue_and_a_code_to_its_own() -> None:
    def queue(task: Any) -> str:
        return str(app.amqp.router.route({}, task.name)["queue"].name)

    assert queue(tasks.send_notice_message) == portal.CELERY_TASK_DEFAULT_QUEUE == "other"
    assert queue(tasks.send_code_message) == "codes"


def test_a_notice_is_handed_over_after_the_commit_by_its_own_task(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    monkeypatch.setattr(tasks.send_notice_message, "delay", handed.append)
    monkeypatch.setattr(tasks.send_code_message, "delay", gone)
    with TestCase.captureOnCommitCallbacks() as callbacks:
        notifier.send_notice(phone, own_notices.DEVICE_ADDED)
    assert handed == []
    callbacks[0]()
    assert handed == [TextMessage.objects.get().pk]


def test_a_notice_waits_for_the_broker_and_the_sweep(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broker:
        broker.setattr(tasks.send_notice_message, "delay", gone)
        told(phone)
    assert (sms_outbox.messages, TextMessage.objects.get().status) == ([], Status.QUEUED)
    monkeypatch.setattr(publishing, "_publisher", Publisher())  # as if five seconds had passed
    clock.forward(10)
    assert sweep.sweep_messages() == 1
    assert len(sms_outbox.messages) == 1


def test_the_sweep_hands_each_message_to_its_task_and_codes_first(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[tuple[str, int]] = []
    monkeypatch.setattr(tasks.send_notice_message, "delay", lambda pk: handed.append(("notice", pk)))
    monkeypatch.setattr(tasks.send_code_message, "delay", lambda pk: handed.append(("code", pk)))
    told_first = notice(phone)
    clock.forward(1)
    code = queued(phone)
    clock.forward(10)
    sweep.sweep_messages()
    assert handed == [("code", code.pk), ("notice", told_first.pk)]


def test_many_notices_do_not_keep_the_sweep_from_a_code(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    monkeypatch.setattr(sweep, "enqueue_code", handed.append)
    monkeypatch.setattr(sweep, "enqueue_notice", lambda message_id: None)
    for _ in range(3):
        notice(phone, status_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(sweep, "_BATCH", 2)
    code = queued(phone)
    clock.forward(10)
    assert sweep.sweep_messages() == 2
    assert handed == [code.pk]


def test_a_notice_lives_a_day_and_is_tried_for_longer_than_a_code(
    clock: Clock, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, failing("down", GatewayFault.UNAVAILABLE))
    told(phone)
    for _ in range(24 * 4 + 1):
        clock.forward(minutes=15)
        sweep.sweep_messages()
    message = TextMessage.objects.get()
    assert message.status == Status.FAILED
    assert message.tries > 10
    assert message.expires_at - message.created_at == timedelta(days=1)


def test_a_notice_that_nobody_could_send_in_a_day_is_not_sent(
    clock: Clock, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    message = notice(phone)
    clock.forward(days=1)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, sms_outbox.messages) == (Status.CANCELLED, [])


def test_a_notice_of_a_kind_without_a_text_is_cancelled(phone: SmsDevice, sms_outbox: Outbox) -> None:
    message = notice(phone)
    TextMessage.objects.update(notice="nonsense")
    delivery.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error, sms_outbox.messages) == (Status.CANCELLED, "no_text", [])


def test_a_number_is_told_ten_times_a_day_at_most(clock: Clock, phone: SmsDevice, sms_outbox: Outbox) -> None:
    for _ in range(12):
        told(phone)
    assert len(sms_outbox.messages) == 10
    clock.forward(days=1)
    told(phone)
    assert len(sms_outbox.messages) == 11


def test_notices_count_in_no_quota_and_no_wait_of_codes(clock: Clock, phone: SmsDevice) -> None:
    for _ in range(10):
        notice(phone)
    assert limits.recent_messages(phone.user_id) == []
    assert isinstance(ask(phone), Queued)
    phone.refresh_from_db()
    assert phone.unanswered_messages == 1


def test_a_notice_between_two_messages_leaves_the_code_as_it_is(clock: Clock, phone: SmsDevice) -> None:
    first = asked(phone)
    notice(phone)
    clock.forward(31)
    again = ask(phone)
    assert isinstance(again, Queued)
    assert (again.challenge.pk, again.again) == (first.pk, True)


def test_a_number_that_was_told_can_be_enrolled_without_a_wait(walk: Walk, student: Account, clock: Clock) -> None:
    old = confirmed_phone(student)
    notice(old)
    old.delete()
    walk.to_password(student)
    walk.number("26 12 34 78")
    assert SmsDevice.objects.get().unanswered_messages == 1
    assert len(walk.outbox.codes) == 1


def test_the_page_of_a_code_does_not_take_a_notice_for_its_message(walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    told(phone)
    notice(phone, number=PhoneNumber.from_string("+4526123499"), status=Status.REJECTED)
    status = walk.browser.get("/sign-in/verify/code/status/").json()
    assert not status["failed"]
    assert "der ender på 78" in walk.get("/sign-in/verify/code/").content.decode()
    assert "Vil du forblive logget ind" in walk.code().content.decode()


def test_a_notice_that_did_not_arrive_moves_no_code_to_another_gateway(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FakeGateway("first"), FakeGateway("second")
    use(monkeypatch, first, second)
    SmsDevice.objects.update(unanswered_messages=2)
    notice(phone, status=Status.UNDELIVERABLE, gateway="first")
    delivery.deliver(queued(phone).pk)
    assert (len(first.sent), len(second.sent)) == (1, 0)


def test_metrics_of_waiting_codes_are_not_those_of_notices(phone: SmsDevice) -> None:
    notice(phone, created_at=timezone.now() - timedelta(minutes=10))
    notice(phone, status=Status.SENT, sent_at=timezone.now() + timedelta(minutes=10), gateway="first")
    page = render_metrics().decode()
    assert 'kumfa_sms_waiting{seconds="0"} 0.0' in page
    assert "kumfa_sms_gateway_seconds_count 0.0" in page
    assert 'kumfa_sms_messages_last_hour{gateway="first",kind="notice",state="sent"} 1.0' in page


def test_the_number_of_an_old_notice_goes_as_any_other(phone: SmsDevice) -> None:
    message = notice(phone, created_at=timezone.now() - timedelta(days=91))
    assert retention.purge_old_data()["messages"] == 1
    message.refresh_from_db()
    assert not message.number


def test_a_code_is_still_bound_to_its_challenge(phone: SmsDevice) -> None:
    challenge = asked(phone)
    TextMessage.objects.update(challenge=None, notice=own_notices.DEVICE_ADDED)
    with pytest.raises(texts.NothingToSay, match="ended"):
        texts.render(TextMessage.objects.get(purpose=Purpose.SIGN_IN))
    assert code_of(challenge)
