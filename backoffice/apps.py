"""What the pages of the admin share, and its roles."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    """What the pages of the admin share, and its roles."""

    name = "backoffice"
    verbose_name = _("Settings")

    def ready(self) -> None:
        """Register what belongs to this app."""
        # Models can be imported only once every app is loaded.
        from backoffice import (
            events,  # noqa: F401
            permissions,  # noqa: F401
            roles,
        )

        # Django sends no `post_migrate` for an app without models.
        post_migrate.connect(roles.after_migrate, sender=apps.get_app_config("accounts"))
