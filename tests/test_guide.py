"""The steps of the guide, over HTTP."""

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk
from tests.interface import in_da


def test_a_student_enrolls_and_signs_in(walk: Walk, student: Account) -> None:
    assert in_da("Next") in walk.get("/sign-in/").content.decode()
    assert in_da("I have forgotten my password") in walk.name(student, "/help/").content.decode()
    assert walk.password().redirect_chain[-1][0] == f"{walk.journey}/enroll/"
    page = walk.get("/enroll/app/").content.decode()
    assert in_da("I want to set up a different method") in page
    assert in_da("Phone") in walk.get("/enroll/methods/").content.decode()
    assert in_da("Country code") in walk.get("/enroll/methods/?method=mfa_sms").content.decode()
    page = walk.number().content.decode()
    assert "+45 26 12 34 78" in page
    assert len(walk.outbox.messages) == 1
    page = walk.enroll_code().content.decode()
    assert in_da("The phone is now registered") in page
    page = walk.done().content.decode()
    assert "Send sms til +45 •• •• •• 78" in page
    device = SmsDevice.objects.get(user=student, confirmed=True)
    assert in_da("Confirm") in walk.send(device).content.decode()
    page = walk.code().content.decode()
    assert in_da("Do you want to stay logged in on this device?") in page
    assert walk.stay("yes").redirect_chain == [("/help/", 302)]
    assert walk.get("/security-info/").status_code == 200
    assert list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True)) == [
        "password_accepted",
        "enrollment_started",
        "device_enrolled",
        "signed_in",
    ]
