"""The authenticator app of an account: django-otp's device with capped throttling."""

from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from sign_in.methods.throttling import CappedThrottling


class AuthenticatorApp(CappedThrottling, TOTPDevice):
    """A proxy of django-otp's `TOTPDevice`. The mixin must precede it.

    A proxy cannot add the field `disabled_at`. Only the number of wrong codes in a row decides whether an app is
    locked.
    """

    class Meta:
        proxy = True
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
