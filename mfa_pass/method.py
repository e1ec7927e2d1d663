"""The access pass as one of the portal's methods."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.clock import clock
from accounts.methods import Method, Words
from mfa_pass.models import AccessPass


def _devices(account_id: int) -> Sequence[Device]:
    """Return the account's pass until it expires.

    SECURITY: one that is used up still guards the account: while its owner enrolls, a password alone must not.
    """
    alive = AccessPass.objects.filter(user_id=account_id, confirmed=True, expires_at__gt=timezone.now())
    return list(alive.select_related("user"))


def _usable(device: Device) -> bool:
    given = cast(AccessPass, device)
    return given.disabled_at is None and given.is_alive


def _describe(device: Device) -> Words:
    # Translators: of an access pass: "until 14:15".
    return Words(_("until %(time)s") % {"time": clock(_lent_until(device))})


def _details(device: Device) -> str:
    return _("works once") if cast(AccessPass, device).single_use else _("works more than once")


def _disable(device: Device) -> None:
    device = cast(AccessPass, device)
    device.disabled_at = timezone.now()
    device.save(update_fields=["disabled_at"])


def _lent_until(device: Device) -> datetime:
    return cast(AccessPass, device).expires_at


METHOD = Method(
    slug="mfa_pass",
    label=gettext_lazy("Access pass"),
    devices=_devices,
    usable=_usable,
    prompt=lambda device: Words(_("Use an access pass")),
    describe=_describe,
    details=_details,
    disable=_disable,
    lent_until=_lent_until,
    models=(AccessPass,),
    backup=True,
    students=True,
    employees=True,
    # Behind it stands an agent's look at who it is, which is what a change of methods needs.
    strength=2,
    # RFC 8176 has no value for it; services know this one.
    amr="otp",
    cannot=gettext_lazy("I do not have an access pass"),
    verification_url="mfa_pass:verify",
)
