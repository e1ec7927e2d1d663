"""The pigeon as one of the portal's methods."""

from collections.abc import Sequence

from django_otp.models import Device

from accounts.methods import Method, Words
from tests.pigeon.models import Pigeon


def _devices(account_id: int) -> Sequence[Device]:
    return list(Pigeon.objects.filter(user_id=account_id, confirmed=True).select_related("user"))


def _disable(device: Device) -> None:
    Pigeon.objects.filter(pk=device.pk).update(word="")


METHOD = Method(
    slug="pigeon",
    label="Brevdue",
    devices=_devices,
    usable=lambda device: Pigeon.objects.filter(pk=device.pk).exclude(word="").exists(),
    prompt=lambda device: Words("Send en brevdue", "Send en due med et brev"),
    describe=lambda device: Words(f"Duen {device.name}"),
    disable=_disable,
    models=(Pigeon,),
    verification_url="pigeon:verify",
    enrollment_url="pigeon:enroll",
    strength=3,
    phishing_resistant=True,
    amr="hwk",
    students=True,
    employees=True,
    cannot="Jeg kan ikke bruge duen",
    registered="Duen er nu registreret",
)
