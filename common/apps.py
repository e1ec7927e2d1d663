"""What every app uses, and that uses none."""

from django.apps import AppConfig
from django.core.signals import request_finished
from django.utils.translation import gettext_lazy as _

from common.references import end_log_context


class CommonConfig(AppConfig):
    """What every app uses, and that uses none."""

    name = "common"
    verbose_name = _("Settings")

    def ready(self) -> None:
        """Register what belongs to this app."""
        request_finished.connect(end_log_context)
