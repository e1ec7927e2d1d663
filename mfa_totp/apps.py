"""The authenticator-app second factor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaTotpConfig(AppConfig):
    """Registers the method."""

    name = "mfa_totp"
    verbose_name = _("Authenticator apps")
