"""Single-use static codes for the demo's staff, who may not use SMS."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from sign_in.methods import Method, Words


class StaticCodeMethod(Method):
    """The demo's codes, from django-otp's static devices."""

    slug = "otp_static"
    label = gettext_lazy("Single-use code (demo)")
    models = (StaticDevice,)
    verification_url = "demo:static_code"
    employees = True
    strength = 2
    opens_admin = True

    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the account's confirmed devices with codes."""
        return list(StaticDevice.objects.filter(user_id=account_id, confirmed=True).select_related("user"))

    def prompt(self, device: Device) -> Words:
        """Return the text of the button."""
        return Words(_("Use a single-use code from the demo"))

    def disable(self, device: Device) -> None:
        """Do nothing: the demo's codes cannot be disabled."""


METHOD = StaticCodeMethod()
