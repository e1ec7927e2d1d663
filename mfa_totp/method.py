"""The method for authenticator apps."""

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from common.clock import day
from mfa_totp.models import AuthenticatorApp
from sign_in.methods import Method, Words


class AppMethod(Method):
    """Codes that an app computes from the time and a secret (TOTP, RFC 6238)."""

    slug = "mfa_totp"
    label = gettext_lazy("Authenticator app")
    models = (AuthenticatorApp,)
    verification_url = "mfa_totp:choose"
    enrollment_url = "mfa_totp:enroll"
    students = True
    employees = True
    strength = 2
    amr = "otp"
    opens_admin = True
    cannot = gettext_lazy("I cannot use my app")
    registered = gettext_lazy("The app is now registered")
    onward = gettext_lazy("Now log in with the next code that the app shows.")

    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the confirmed apps, last used first."""
        apps = AuthenticatorApp.objects.filter(user_id=account_id, confirmed=True)
        return list(apps.select_related("user").order_by("-last_used_at"))

    def prompt(self, device: Device) -> Words:
        """Return the button text, with the app's name if it has one."""
        if device.name:
            # Translators: a button. The name is what its owner calls the app, "My work phone".
            return Words(_("Use the code from your authenticator app (%(name)s)") % {"name": device.name})
        # Translators: a button.
        return Words(_("Use the code from your authenticator app"))

    def describe(self, device: Device) -> Words:
        """Return the day on which the app was set up; empty if it is unknown.

        Only the name would distinguish two apps better, and only the owner may see it.
        """
        created = cast(AuthenticatorApp, device).created_at
        # Translators: stands after the words "Authenticator app".
        return Words(_("set up on %(date)s") % {"date": day(created)} if created else "")


METHOD = AppMethod()
