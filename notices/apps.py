"""Notices by email to the owners of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Register this app's notices, retention function, and listeners for devices, passwords and wrong codes."""
        # Models can be imported only once every app is loaded.
        from audit import log
        from common import metrics, retention
        from notices import (
            mailing,
            notify,
            own_notices,  # noqa: F401
        )
        from notices import metrics as notices_metrics
        from sign_in import code_budget
        from sign_in.events import PASSWORD_CHANGED
        from sign_in.methods import device_changes

        device_changes.register(notify.device_changed)
        log.listen(PASSWORD_CHANGED, notify.password_changed)
        code_budget.many_wrong_codes.connect(notify.many_wrong_codes)
        metrics.register(notices_metrics.collect)
        retention.register("notices", mailing.purge_notices)
