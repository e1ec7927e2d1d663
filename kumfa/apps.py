"""The project's own app and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class KumfaConfig(AppConfig):
    """Registers the system checks of the settings."""

    name = "kumfa"

    def ready(self) -> None:
        """Import what registers itself."""
        # Models can be imported only once every app is loaded.
        from kumfa import checks  # noqa: F401


class PortalAdminConfig(AdminConfig):
    """Django's admin behind the portal's own sign-in."""

    default_site = "kumfa.admin.PortalAdminSite"
