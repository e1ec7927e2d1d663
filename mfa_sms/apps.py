"""The SMS second factor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaSmsConfig(AppConfig):
    """Registers the method and its system checks."""

    name = "mfa_sms"
    verbose_name = _("Text messages")

    def ready(self) -> None:
        """Register with the accounts."""
        from accounts import methods
        from mfa_sms import checks  # noqa: F401
        from mfa_sms.method import METHOD

        methods.register(METHOD)
