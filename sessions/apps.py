"""The sessions of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "sessions"
    verbose_name = _("Sessions")

    def ready(self) -> None:
        """Register the event kinds of this app."""
        # Models can be imported only once every app is loaded.
        from sessions import events  # noqa: F401
