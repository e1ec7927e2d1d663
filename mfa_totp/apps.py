"""The authenticator-app second factor."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class MfaTotpConfig(AppConfig):
    """Registers the method."""

    name = "mfa_totp"
    verbose_name = _("Authenticator apps")

    def ready(self) -> None:
        """Register with the accounts, and give django-otp's table a name that is translated."""
        from django_otp.plugins.otp_totp.models import TOTPDevice

        from accounts import methods
        from mfa_totp import events  # noqa: F401
        from mfa_totp.method import METHOD

        methods.register(METHOD)
        # No migration sees this: it compares what the class was written with.
        TOTPDevice._meta.verbose_name = _("authenticator app")
        TOTPDevice._meta.verbose_name_plural = _("authenticator apps")
        apps.get_app_config("otp_totp").verbose_name = self.verbose_name
