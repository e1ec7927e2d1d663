"""What helpdesk agents see and do."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    """What helpdesk agents see and do."""

    name = "helpdesk"
    verbose_name = _("Helpdesk")

    def ready(self) -> None:
        """Register what belongs to this app."""
        # Models can be imported only once every app is loaded.
        from helpdesk import (
            actions,
            cases,
            notices,  # noqa: F401
            permissions,  # noqa: F401
        )
        from notices import compromise_reports
        from sign_in.verification import device_locked

        actions.register_all()
        device_locked.connect(cases.open_for_lock)
        compromise_reports.register(cases.open_reported)
