"""The project's own app and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class KumfaConfig(AppConfig):
    """Registers the system checks."""

    name = "kumfa"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        # Models can be imported only once every app is loaded.
        from kumfa import checks, metrics  # noqa: F401

        metrics.register_all()


class PortalAdminConfig(AdminConfig):
    """Replaces Django's admin site with `PortalAdminSite`."""

    default_site = "kumfa.admin.PortalAdminSite"
