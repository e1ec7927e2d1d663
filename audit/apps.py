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
        from common import retention

        retention.register("event_clients", event_retention.anonymize_events)
        retention.register("refusal_counts", refusals.purge_refusal_counts)
