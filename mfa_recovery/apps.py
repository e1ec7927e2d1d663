"""Recovery codes: a factor for people who have lost their other methods."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaRecoveryConfig(AppConfig):
    name = "mfa_recovery"
    verbose_name = _("Recovery codes")

    def ready(self) -> None:
        """Register the method and its notices."""
        # Models can be imported only once every app is loaded.
        from mfa_recovery import notices  # noqa: F401
        from mfa_recovery.method import METHOD
        from sign_in import methods

        methods.register(METHOD)
