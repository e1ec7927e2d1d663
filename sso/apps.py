"""Other services: those that ask by OpenID Connect, and Microsoft Entra."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    """Sends people back to the services that sent them here."""

    name = "sso"
    verbose_name = _("Other services")

    def ready(self) -> None:
        """Register with the accounts: the names of services, who is told that a session is over, Entra, the admin."""
        from accounts import outside, retention, services
        from accounts.sessions import endings
        from sso import checks, events, permissions  # noqa: F401
        from sso.entra import (
            admin,  # noqa: F401
            attempts,
        )
        from sso.entra.party import PARTY
        from sso.oidc import backchannel_logout, logout, naming

        services.register(naming.name, naming.hint)
        endings.register(logout.sessions_ended)
        outside.register(PARTY)
        retention.register("service_tokens", backchannel_logout.purge_grants)
        retention.register("entra_attempts", attempts.purge_entra_attempts)
