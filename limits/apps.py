"""The limits of the portal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LimitsConfig(AppConfig):
    name = "limits"
    verbose_name = _("Limits")

    def ready(self) -> None:
        """Register the event kinds and the retention function of this app."""
        # Models can be imported only once every app is loaded.
        from common import metrics
        from common import retention as retention_registry
        from limits import events, retention  # noqa: F401
        from limits import metrics as limits_metrics

        metrics.register(limits_metrics.collect)
        retention_registry.register("limits", retention.purge_old_data)
