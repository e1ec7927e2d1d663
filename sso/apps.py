"""Other services: those that ask by OpenID Connect, and Microsoft Entra."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    """Sends people back to the services that sent them here."""

    name = "sso"
    verbose_name = _("Other services")

    def ready(self) -> None:
        """Name the waiting service on the pages, and tell services when a session is over."""
        from accounts import roles, services
        from accounts.sessions import endings
        from sso.oidc import logout, naming

        services.register(naming.name, naming.hint)
        roles.administrators_set_up("sso", edited=("client",), seen=("signingkey",))
        endings.register(logout.sessions_ended)
