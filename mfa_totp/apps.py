"""The authenticator app as a second factor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaTotpConfig(AppConfig):
    name = "mfa_totp"
    verbose_name = _("Authenticator apps")

    def ready(self) -> None:
        """Register the method and its event reasons."""
        # Models can be imported only once every app is loaded.
        from helpdesk import caller_codes
        from mfa_totp import events  # noqa: F401
        from mfa_totp.caller_check import AppCallerCheck
        from mfa_totp.method import METHOD
        from sign_in import methods

        methods.register(METHOD)
        caller_codes.register(AppCallerCheck())
