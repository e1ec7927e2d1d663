"""The pigeon as one of the portal's methods."""

from collections.abc import Sequence

from django_otp.models import Device

from sign_in.methods import Method, Words
from tests.pigeon.models import Pigeon


class PigeonMethod(Method):
    """A pigeon that brings a word."""

    slug = "pigeon"
    label = "Brevdue"
    models = (Pigeon,)
    verification_url = "pigeon:verify"
    enrollment_url = "pigeon:enroll"
    strength = 3
    amr = "hwk"
    students = True
    employees = True
    cannot = "Jeg kan ikke bruge duen"
    registered = "Duen er nu registreret"

    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the account's pigeons."""
        return list(Pigeon.objects.filter(user_id=account_id, confirmed=True).select_related("user"))

    def prompt(self, device: Device) -> Words:
        """Return the words of the button."""
        return Words("Send en brevdue", "Send en due med et brev")

    def describe(self, device: Device) -> Words:
        """Return the pigeon's name."""
        return Words(f"Duen {device.name}")

    def is_usable(self, device: Device) -> bool:
        """Return whether the pigeon has a word."""
        return Pigeon.objects.filter(pk=device.pk).exclude(word="").exists()

    def disable(self, device: Device) -> None:
        """Delete the pigeon's word."""
        Pigeon.objects.filter(pk=device.pk).update(word="")


METHOD = PigeonMethod()
