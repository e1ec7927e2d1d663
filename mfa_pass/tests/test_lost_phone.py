"""A lost phone, from the call to the helpdesk to the first login with the new phone."""

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_pass.models import AccessPass
from mfa_pass.tests.helpers import SAID, VERIFY, address, agent_signed_in, enter, in_english, shown
from mfa_sms.models import SmsDevice
from notices.models import Notice
from tests.fixtures import Walk
from tests.helpers import is_signed_in

NEW = "26 12 34 79"


def test_a_student_who_has_lost_the_phone_goes_on_with_a_new_one(
    walk: Walk, another_walk: Walk, phone: SmsDevice, helpdesk: Account
) -> None:
    student = phone.user
    in_english(walk).signed_in(phone)  # at home, on a computer that the student has also lost
    desk = agent_signed_in(another_walk, helpdesk, "reset_account")
    code = shown(desk.post(address(student, "reset"), SAID))
    assert not is_signed_in(walk.browser)

    walk.name(student)
    assert walk.password().redirect_chain[-1][0] == "/sign-in/verify/"
    walk.browser.post(VERIFY, {"device": AccessPass.objects.get().persistent_id})
    assert enter(walk, code)["Location"] == "/enroll/methods/"
    assert walk.get("/enroll/methods/?method=mfa_sms").redirect_chain == [("/enroll/phone/", 302)]
    walk.number(NEW)
    assert walk.enroll_code().redirect_chain == [("/enroll/done/", 302)]
    page = walk.get("/enroll/done/").content.decode()
    assert 'value="mfa_recovery"' in page
    assert 'value="mfa_pass"' not in page
    assert walk.done().redirect_chain == [("/security-info/changed/", 302)]
    assert "+45 •• •• •• 79" in walk.get("/security-info/").content.decode()

    walk.browser.post("/sign-out/")
    new = SmsDevice.objects.get(user=student, confirmed=True)
    walk.signed_in(new)
    assert is_signed_in(walk.browser)
    happened = SecurityEvent.objects.filter(account=student).order_by("pk").values_list("kind", "reason")
    assert [pair for pair in happened if pair[0] not in ("enrollment_started", "signed_out")] == [
        *[("password_accepted", ""), ("signed_in", "")],
        ("helpdesk_action_performed", "reset"),
        *[("password_accepted", ""), ("signed_in", ""), ("pass_used", ""), ("device_enrolled", "")],
        *[("password_accepted", ""), ("signed_in", "")],
    ]
    told = Notice.objects.filter(account=student).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["helpdesk_action_performed", "device_added"]


def test_without_a_reset_the_lost_phone_can_be_removed_afterwards(
    walk: Walk, another_walk: Walk, phone: SmsDevice, helpdesk: Account
) -> None:
    desk = agent_signed_in(another_walk, helpdesk)
    code = shown(desk.post(address(phone.user), SAID))
    walk.to_password(phone.user)
    enter(walk, code)
    walk.number(NEW)
    walk.enroll_code()
    walk.done()
    assert walk.browser.post(f"/security-info/mfa_sms/{phone.pk}/remove/").status_code == 302
    assert [device.number.as_e164[-2:] for device in SmsDevice.objects.all()] == ["79"]
    assert is_signed_in(walk.browser)
