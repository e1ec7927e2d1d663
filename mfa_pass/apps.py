"""The access pass: for who has lost every method, once the helpdesk has made sure who it is."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaPassConfig(AppConfig):
    """Registers the method, and the action that gives one."""

    name = "mfa_pass"
    verbose_name = _("Access passes")

    def ready(self) -> None:
        """Register with the accounts."""
        # Models can be imported only once every app is loaded.
        from helpdesk import registry
        from mfa_pass import events, permissions  # noqa: F401
        from mfa_pass.issuing import IssueAccessPass
        from mfa_pass.method import METHOD
        from sign_in import methods

        methods.register(METHOD)
        registry.register(IssueAccessPass())
