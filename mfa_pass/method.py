"""The method for access passes."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from common.clock import clock
from mfa_pass.models import AccessPass
from sign_in.methods import Method, Words


class AccessPassMethod(Method):
    """A code that an agent issues to people who have lost every other method."""

    slug = "mfa_pass"
    label = gettext_lazy("Access pass")
    models = (AccessPass,)
    verification_url = "mfa_pass:verify"
    backup = True
    students = True
    employees = True
    # An agent has checked who the person is, which is what a change of methods requires.
    strength = 2
    # An agent reads it out on the phone, so it does not prove possession.
    independent = False
    # RFC 8176 has no value for it. Services know this value.
    amr = "otp"
    cannot = gettext_lazy("I do not have an access pass")

    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the account's pass until it expires.

        SECURITY: a used pass still guards the account. While its owner enrolls, a password alone must not enroll a
        method.
        """
        alive = AccessPass.objects.filter(user_id=account_id, confirmed=True, expires_at__gt=timezone.now())
        return list(alive.select_related("user"))

    def prompt(self, device: Device) -> Words:
        """Return the button text."""
        return Words(_("Use an access pass"))

    def is_usable(self, device: Device) -> bool:
        """Return whether the pass is not locked, not used up and not expired."""
        return super().is_usable(device) and cast(AccessPass, device).is_alive

    def expires_at(self, device: Device) -> datetime:
        return cast(AccessPass, device).expires_at

    def describe(self, device: Device) -> Words:
        """Return the time at which the pass expires."""
        # Translators: of an access pass: "until 14:15".
        return Words(_("until %(time)s") % {"time": clock(self.expires_at(device))})

    def details(self, device: Device) -> str:
        """Return whether the pass works once or more than once, in words."""
        return _("works once") if cast(AccessPass, device).single_use else _("works more than once")


METHOD = AccessPassMethod()
