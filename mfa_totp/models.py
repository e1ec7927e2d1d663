"""The authenticator app of an account: django-otp's device with our throttling."""

from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from sign_in.methods.throttling import CappedThrottling


class AuthenticatorApp(CappedThrottling, TOTPDevice):
    """A proxy of django-otp's device. The mixin must precede it.

    `disabled_at` is no field of the table, so the number of wrong codes in a row alone says that an app is locked.
    """

    class Meta:
        proxy = True
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
