"""The effect of each helpdesk action. Each writes one event and one record, and sends one email."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from helpdesk import registry
from helpdesk.models import ActionRecord, Case
from helpdesk.registry import HelpdeskAction
from helpdesk.tests.people import SAID, act_named, act_page, do, words
from mfa_recovery.models import RecoveryDevice
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import Challenge, SmsDevice, TextMessage
from mfa_totp.tests.helpers import app_of
from notices.tests.owners import english
from sign_in import methods
from sign_in.methods import throttling
from sign_in.problems import method_gone
from sign_in.verification import record_lock
from tests.fixtures import Browser, Outbox, Walk, confirmed_phone
from tests.helpers import is_signed_in, picture

OWN_ACTS = ("unlock", "end-sessions", "reset")


def everything(student: Account) -> list[Any]:
    """Give the student a device of every factor. Return the devices."""
    make_codes(student)
    return [confirmed_phone(student), app_of(student), RecoveryDevice.objects.get(user=student)]


def lock(device: Any) -> None:
    """Lock a device until the helpdesk unlocks it."""
    device.throttling_failure_count = settings.CODE_FAILURES_TO_DISABLE
    device.throttling_failure_timestamp = timezone.now()
    if hasattr(device, "disabled_at"):
        device.disabled_at = timezone.now()
    device.save()


def acted(student: Account) -> list[SecurityEvent]:
    return list(SecurityEvent.objects.filter(account=student, kind="helpdesk_action_performed"))


def test_unlocking_clears_the_devices_of_every_factor(desk: Browser, student: Account) -> None:
    devices = everything(student)
    for device in devices:
        lock(device)
    do(desk, student, "unlock")
    for device in devices:
        device.refresh_from_db()
        assert throttling.state(device) == throttling.State(0, False, None)
        assert methods.of_device(device) is not None
    assert all(option.usable for option in methods.devices(student.pk))


def test_unlocking_ends_the_wait_for_the_next_message(desk: Browser, walk: Walk, phone: SmsDevice) -> None:
    walk.to_code(phone)
    phone.refresh_from_db()
    assert phone.unanswered_messages == 1
    do(desk, phone.user, "unlock")
    phone.refresh_from_db()
    assert phone.unanswered_messages == 0
    walk.send(phone)
    assert len(walk.outbox.codes) == 2


def test_who_is_locked_while_setting_up_the_first_phone_is_unlocked_too(
    desk: Browser, walk: Walk, student: Account
) -> None:
    walk.to_password(student)
    walk.number()
    device = SmsDevice.objects.get(confirmed=False)
    lock(device)
    assert act_page(student, "unlock") in words(desk.get(reverse("admin:accounts_account_change", args=[student.pk])))
    do(desk, student, "unlock")
    walk.enroll_code()
    device.refresh_from_db()
    assert device.confirmed


def test_asvs_7_4_5_ending_sessions_ends_them_at_the_next_request(
    desk: Browser, walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.signed_in(phone)
    another_walk.to_password(phone.user)
    do(desk, phone.user, "end-sessions")
    assert not is_signed_in(walk.browser)
    assert another_walk.get("/sign-in/verify/").status_code == 409  # restarts from the account name
    assert desk.get("/admin/overview/").status_code == 200


def test_asvs_6_5_6_a_device_that_is_removed_takes_its_open_challenges_along(
    desk: Browser, walk: Walk, phone: SmsDevice
) -> None:
    walk.to_code(phone)
    code = walk.outbox.codes[-1]
    do(desk, phone.user, "remove-device", device=phone.persistent_id)
    assert not SmsDevice.objects.exists()
    assert not Challenge.objects.exists()
    walk.code(code)
    assert not is_signed_in(walk.browser)


def test_asvs_6_5_6_the_last_device_may_be_removed_and_the_next_sign_in_needs_a_pass(
    desk: Browser, walk: Walk, phone: SmsDevice
) -> None:
    do(desk, phone.user, "remove-device", device=phone.persistent_id)
    walk.to_password(phone.user)
    response = walk.get("/")
    assert response.status_code == 403
    assert str(method_gone().title) in response.content.decode()


def test_a_device_that_is_removed_is_no_longer_the_first(desk: Browser, phone: SmsDevice) -> None:
    Account.objects.filter(pk=phone.user.pk).update(first_device=phone.persistent_id)
    do(desk, phone.user, "remove-device", device=phone.persistent_id)
    assert Account.objects.get(pk=phone.user.pk).first_device == ""


def test_another_accounts_device_is_not_removed(desk: Browser, student: Account, employee: Account) -> None:
    confirmed_phone(student)
    foreign = app_of(employee)
    page = words(do(desk, student, "remove-device", device=foreign.persistent_id))
    assert "errorlist" in page
    foreign.refresh_from_db()
    assert not ActionRecord.objects.exists()


def test_asvs_7_4_5_a_reset_leaves_no_device_and_no_session(
    desk: Browser, walk: Walk, another_walk: Walk, student: Account
) -> None:
    phone, *_others = everything(student)
    SmsDevice.objects.create(user=student, number="+4526123499")
    walk.signed_in(phone)
    do(desk, student, "reset")
    assert [option.method.slug for option in methods.devices(student.pk)] == ["mfa_pass"]
    assert not SmsDevice.objects.exists()
    assert not RecoveryDevice.objects.exists()
    assert not is_signed_in(walk.browser)
    another_walk.to_password(student)
    assert another_walk.get("/").redirect_chain[-1][0] == "/sign-in/verify/"


def test_a_reset_deletes_a_device_that_was_never_confirmed(desk: Browser, walk: Walk, student: Account) -> None:
    walk.to_password(student)
    walk.number()
    do(desk, student, "reset")
    assert not SmsDevice.objects.exists()


@pytest.mark.parametrize("slug", [*OWN_ACTS, "remove-device"])
def test_asvs_16_3_1_an_act_writes_one_event_one_record_and_one_mail(
    desk: Browser, agent: Account, phone: SmsDevice, slug: str
) -> None:
    english(phone.user)
    before = SecurityEvent.objects.count()
    do(desk, phone.user, slug, device=phone.persistent_id)
    (event,) = acted(phone.user)
    assert SecurityEvent.objects.count() == before + 1
    assert (event.actor, event.reason, event.address) == (agent, slug, "203.0.113.77")
    assert "INC-1042" in event.detail
    assert "26123478" not in event.detail
    record = ActionRecord.objects.get()
    assert (record.action, record.account, record.agent, record.event) == (slug, phone.user, agent, event)
    assert (record.proof, record.case_number, record.note) == ("mitid", "INC-1042", "Ringede fra sit arbejde.")
    assert len(mail.outbox) == 1
    with translation.override("en"):
        assert str(act_named(slug).told) in str(mail.outbox[0].body)


@pytest.mark.parametrize("slug", [*OWN_ACTS, "remove-device"])
def test_the_mail_is_in_the_owners_language_and_says_nothing_of_the_agent(
    desk: Browser, agent: Account, phone: SmsDevice, slug: str
) -> None:
    do(desk, phone.user, slug, device=phone.persistent_id)
    (message,) = mail.outbox
    text = f"{message.subject}\n{message.body}"
    assert message.to == [phone.user.email]
    assert "Tidspunkt" in text
    for secret in ("203.0.113.77", "Ragnhild", "Uggerhøj", "agt111", "INC-1042", "Ringede", "26123478"):
        assert secret not in text


def test_n_4_2_3_every_address_is_told_of_a_reset_before_a_new_device_works(
    desk: Browser, walk: Walk, phone: SmsDevice, sms_outbox: Outbox
) -> None:
    do(desk, phone.user, "reset")
    (message,) = mail.outbox
    assert "/report/" in str(message.body)
    notice = TextMessage.objects.get(purpose=TextMessage.NOTICE)
    assert (notice.number, notice.status, notice.device) == (phone.number, "sent", None)
    assert sms_outbox.codes == []
    assert not methods.standing(phone.user.pk).enrolled


@pytest.mark.parametrize("missing", ["proof", "case_number"])
def test_asvs_6_4_4_without_proof_and_case_number_nothing_is_done(
    desk: Browser, phone: SmsDevice, missing: str
) -> None:
    before = picture()
    for slug in OWN_ACTS:
        assert "errorlist" in words(do(desk, phone.user, slug, **{missing: ""}))
    assert "errorlist" in words(do(desk, phone.user, "reset", proof="they_sounded_nice"))
    assert picture() == before


def test_huge_input_is_refused(desk: Browser, phone: SmsDevice) -> None:
    for field in ("note", "case_number", "proof"):
        assert "errorlist" in words(do(desk, phone.user, "unlock", **{field: "x" * 100_000}))
    assert not ActionRecord.objects.exists()


def test_markup_in_a_note_stays_text(desk: Browser, phone: SmsDevice) -> None:
    evil = "<script>alert(1)</script>"
    do(desk, phone.user, "unlock", note=evil)
    page = words(desk.get(reverse("admin:helpdesk_actionrecord_change", args=[ActionRecord.objects.get().pk])))
    assert evil not in page
    assert "&lt;script&gt;" in page
    for path in (act_page(phone.user, "reset"), reverse("admin:accounts_account_change", args=[phone.user.pk])):
        assert evil not in words(desk.get(path))
    assert evil not in words(do(desk, phone.user, "reset", note=evil, case_number=""))


def test_an_agents_own_account_is_not_acted_on(desk: Browser, agent: Account) -> None:
    before = picture()
    for action in registry.all_actions():
        assert desk.get(act_page(agent, action.slug)).status_code == 403
        assert desk.post(act_page(agent, action.slug), SAID).status_code == 403
    assert picture() == before


def test_a_deactivated_account_is_not_acted_on(desk: Browser, phone: SmsDevice) -> None:
    Account.objects.filter(pk=phone.user.pk).update(is_active=False)
    before = picture()
    for action in registry.all_actions():
        if not action.for_inactive:
            assert desk.post(act_page(phone.user, action.slug), SAID).status_code == 403
    assert picture() == before


def test_an_act_that_fails_halfway_changes_nothing(
    desk: Browser, phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ActionRecord, "save", full)
    desk.raise_request_exception = False
    before = picture()
    assert desk.post(act_page(phone.user, "reset"), SAID).status_code == 500
    assert picture() == before


def test_asvs_6_4_6_no_page_lets_an_agent_set_or_see_a_password_a_code_or_a_secret(
    desk: Browser, walk: Walk, student: Account, settings: Settings
) -> None:
    phone, app, _recovery = everything(student)
    codes = make_codes(student)
    walk.to_code(phone)
    secrets = [student.password, app.bin_key.hex(), *codes, *walk.outbox.codes, "26123478"]
    paths = [reverse("admin:accounts_account_change", args=[student.pk])]
    paths += [act_page(student, action.slug) for action in registry.all_actions()]
    paths += ["/admin/mfa_sms/textmessage/", "/admin/mfa_sms/challenge/", "/admin/audit/securityevent/"]
    for path in paths:
        page = words(desk.get(path))
        assert 'type="password"' not in page, path
        for name in ("password", "secret", "key", "token", "username", "email"):
            assert f'name="{name}"' not in page, path
        for secret in secrets:
            assert secret not in page, path
    do(desk, student, "reset", password="evil-evil-evil", email="evil@example.com", username="evil")
    fresh = Account.objects.get(pk=student.pk)
    assert (fresh.password, fresh.email, fresh.username) == (student.password, student.email, student.username)


@pytest.mark.parametrize("slug", ["unlock", "reset", "remove-device"])
def test_what_ends_a_lock_closes_its_case(desk: Browser, agent: Account, phone: SmsDevice, slug: str) -> None:
    lock(phone)
    record_lock(phone.user, phone, ClientInfo())
    assert Case.objects.filter(closed_at=None).count() == 1
    do(desk, phone.user, slug, device=phone.persistent_id)
    case = Case.objects.exclude(closed_at=None).get()
    assert case.closed_by == agent
    assert SecurityEvent.objects.filter(kind="case_closed", actor=agent, detail=str(case.pk)).count() == 1


def test_removing_one_device_leaves_the_case_of_another_and_what_the_owner_reported(
    desk: Browser, student: Account
) -> None:
    phone, app, _recovery = everything(student)
    record_lock(student, app, ClientInfo())
    Case.objects.create(kind=Case.Kind.REPORTED, account=student, event=SecurityEvent.objects.first())
    do(desk, student, "remove-device", device=phone.persistent_id)
    assert Case.objects.filter(closed_at=None).count() == 2
    do(desk, student, "unlock")
    assert Case.objects.get(closed_at=None).kind == Case.Kind.REPORTED


def test_an_action_that_lacks_what_an_app_must_implement_cannot_be_made() -> None:
    class Half(HelpdeskAction):
        slug = "half"

    with pytest.raises(TypeError, match="effect, perform, permission, seen, verb"):
        Half()  # type: ignore[abstract]
