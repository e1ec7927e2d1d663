"""The method for recovery codes."""

from collections.abc import Sequence
from typing import Any, cast

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from mfa_recovery.models import RecoveryDevice
from sign_in.methods import Method, Words


class RecoveryMethod(Method):
    """Codes that people keep for when they have lost their other methods."""

    slug = "mfa_recovery"
    label = gettext_lazy("Recovery codes")
    models = (RecoveryDevice,)
    verification_url = "mfa_recovery:verify"
    enrollment_url = "mfa_recovery:codes"
    backup = True
    students = True
    employees = True
    # Codes are made only after a recent proof of the account's strongest factor.
    strength = 2
    # RFC 8176 has no value for look-up secrets. Each code works once, and services know this value.
    amr = "otp"
    cannot = gettext_lazy("I do not have my recovery codes")
    risk = gettext_lazy("If you lose your phone, a recovery code lets you log in.")
    # Translators: a button after enrollment: finish, and make recovery codes.
    offer = gettext_lazy("Done, and show me recovery codes")

    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the account's device if it has unused codes, annotated with `total` and `left`."""
        return list(
            RecoveryDevice.objects.filter(user_id=account_id, confirmed=True)
            .annotate(total=Count("codes"), left=Count("codes", filter=Q(codes__used_at=None)))
            .filter(left__gt=0)
            .select_related("user")
        )

    def prompt(self, device: Device) -> Words:
        """Return the button text."""
        return Words(_("Use a recovery code"))

    def describe(self, device: Device) -> Words:
        """Return how many codes are left of the total, in words."""
        counted = cast(Any, device)
        # Translators: of recovery codes: "7 of 10 left".
        return Words(_("%(left)d of %(total)d left") % {"left": counted.left, "total": counted.total})


METHOD = RecoveryMethod()
