"""Recovery codes: for who has lost the other methods."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaRecoveryConfig(AppConfig):
    """Registers the method."""

    name = "mfa_recovery"
    verbose_name = _("Recovery codes")
