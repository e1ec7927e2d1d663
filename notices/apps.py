"""Notices by email to the owners of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Register this app's notices, retention function and listener for device changes."""
        # Models can be imported only once every app is loaded.
        from common import retention
        from notices import (
            mailing,
            notify,
            own_notices,  # noqa: F401
        )
        from sign_in.methods import device_changes

        device_changes.register(notify.device_changed)
        retention.register("notices", mailing.purge_notices)
