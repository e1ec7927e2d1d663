"""The audit log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        """Register the retention functions of this app."""
        # Models can be imported only once every app is loaded.
        from audit import event_retention, refusals
        from audit import metrics as audit_metrics
        from common import metrics, retention

        retention.register("event_clients", event_retention.anonymize_events)
        metrics.register(audit_metrics.collect)
        retention.register("refusal_counts", refusals.purge_refusal_counts)
