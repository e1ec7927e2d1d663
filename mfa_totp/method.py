"""Authenticator apps as one of the portal's methods."""

from collections.abc import Sequence
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import throttle
from accounts.clock import day
from accounts.methods import Method, Words


def _devices(account_id: int) -> Sequence[Device]:
    return list(
        TOTPDevice.objects.filter(user_id=account_id, confirmed=True).select_related("user").order_by("-last_used_at")
    )


def _usable(device: Device) -> bool:
    return not throttle.is_disabled(cast(TOTPDevice, device).throttling_failure_count)


def _prompt(device: Device) -> Words:
    if device.name:
        # Translators: a button. The name is what its owner calls the app, "My work phone".
        return Words(_("Use the code from your authenticator app (%(name)s)") % {"name": device.name})
    # Translators: a button.
    return Words(_("Use the code from your authenticator app"))


def _describe(device: Device) -> Words:
    """Return the day: all that tells two apps apart, but for their names, which are nobody's but their owner's."""
    created = cast(TOTPDevice, device).created_at
    # Translators: stands after the words "Authenticator app".
    return Words(_("set up on %(date)s") % {"date": day(created)} if created else "")


def _disable(device: Device) -> None:
    device = cast(TOTPDevice, device)
    device.throttling_failure_count = settings.CODE_FAILURES_TO_DISABLE
    device.save(update_fields=["throttling_failure_count"])


METHOD = Method(
    slug="mfa_totp",
    app_label="otp_totp",
    label=gettext_lazy("Authenticator app"),
    devices=_devices,
    usable=_usable,
    prompt=_prompt,
    describe=_describe,
    disable=_disable,
    models=(TOTPDevice,),
    students=True,
    employees=True,
    strength=2,
    amr="otp",
    opens_admin=True,
    cannot=gettext_lazy("I cannot use my app"),
    registered=gettext_lazy("The app is now registered"),
    onward=gettext_lazy("Now log in with the next code that the app shows."),
    verification_url="mfa_totp:choose",
    enrollment_url="mfa_totp:enroll",
)
