"""Other services: those that ask by OpenID Connect, and Microsoft Entra."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    """Sends people back to the services that sent them here."""

    name = "sso"
    verbose_name = _("Other services")

    def ready(self) -> None:
        """Register with the accounts."""
        from accounts import outside, roles
        from sso import checks  # noqa: F401
        from sso.entra import admin  # noqa: F401
        from sso.entra.party import PARTY

        outside.register(PARTY)
        roles.administrators_set_up("sso", edited=("tenant",))
