"""Where accounts are signed in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """Where accounts are signed in."""

    name = "sessions"
    verbose_name = _("Sessions")

    def ready(self) -> None:
        """Register what belongs to this app."""
        # Models can be imported only once every app is loaded.
        from sessions import events  # noqa: F401
