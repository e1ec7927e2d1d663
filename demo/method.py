"""Single-use static codes for the demo's staff, who may not use SMS."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from accounts.methods import Method, Words


def _devices(account_id: int) -> Sequence[Device]:
    return list(StaticDevice.objects.filter(user_id=account_id, confirmed=True).select_related("user"))


def _prompt(device: Device) -> Words:
    return Words(_("Use a single-use code from the demo"))


METHOD = Method(
    slug="otp_static",
    label=gettext_lazy("Single-use code (demo)"),
    devices=_devices,
    usable=lambda device: True,
    prompt=_prompt,
    describe=lambda device: Words(""),
    disable=lambda device: None,
    models=(StaticDevice,),
    employees=True,
    strength=2,
    verification_url="demo:static_code",
    opens_admin=True,
)
