"""Code that every app may use. It imports no other app."""

from django.apps import AppConfig
from django.core.signals import request_finished
from django.utils.translation import gettext_lazy as _

from common.references import end_log_context


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Settings")

    def ready(self) -> None:
        """Register this app's signal handlers."""
        request_finished.connect(end_log_context)
