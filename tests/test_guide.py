"""The steps of the guide, over HTTP."""

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk


def test_a_student_enrolls_and_signs_in(walk: Walk, student: Account) -> None:
    assert "Næste" in walk.get("/sign-in/").content.decode()
    assert "Jeg har glemt min adgangskode" in walk.name(student, "/help/").content.decode()
    assert walk.password().redirect_chain[-1][0] == f"{walk.journey}/enroll/"
    page = walk.get("/enroll/app/").content.decode()
    assert "Jeg vil konfigurere en anden metode" in page
    assert "Telefon" in walk.get("/enroll/methods/").content.decode()
    assert "Landekode" in walk.get("/enroll/methods/?method=mfa_sms").content.decode()
    page = walk.number().content.decode()
    assert "+45 26 12 34 78" in page
    assert len(walk.outbox.messages) == 1
    page = walk.enroll_code().content.decode()
    assert "Telefonen er nu registreret" in page
    page = walk.done().content.decode()
    assert "Send sms til +45 •• •• •• 78" in page
    device = SmsDevice.objects.get(user=student, confirmed=True)
    assert "Bekræft" in walk.send(device).content.decode()
    page = walk.code().content.decode()
    assert "Vil du forblive logget ind på denne enhed?" in page
    assert walk.stay("yes").redirect_chain == [("/help/", 302)]
    assert walk.get("/security-info/").status_code == 200
    assert list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True)) == [
        "password_accepted",
        "enrollment_started",
        "device_enrolled",
        "signed_in",
    ]
