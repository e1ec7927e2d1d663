"""The access pass: a factor for people who lost every method. The helpdesk checks who they are first."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaPassConfig(AppConfig):
    name = "mfa_pass"
    verbose_name = _("Access passes")

    def ready(self) -> None:
        """Register the method and the helpdesk actions that issue a pass."""
        # Models can be imported only once every app is loaded.
        from helpdesk import registry
        from mfa_pass import events, permissions  # noqa: F401
        from mfa_pass.issuing import IssueAccessPass, Reset
        from mfa_pass.method import METHOD
        from sign_in import methods

        methods.register(METHOD)
        registry.register(Reset())
        registry.register(IssueAccessPass())
