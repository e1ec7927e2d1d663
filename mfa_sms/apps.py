"""The SMS second factor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MfaSmsConfig(AppConfig):
    """Registers the method, system checks, helpdesk section and actions, overview and retention."""

    name = "mfa_sms"
    verbose_name = _("Text messages")

    def ready(self) -> None:
        """Register with the other apps. The imports are local because they need the loaded models."""
        # Models can be imported only once every app is loaded.
        from common import metrics
        from common import retention as retention_registry
        from helpdesk import caller_codes, registry
        from mfa_sms import checks, events, overview, permissions, retention, sweeper  # noqa: F401
        from mfa_sms import metrics as sms_metrics
        from mfa_sms import totals as sms_totals
        from mfa_sms.helpdesk import actions, number_search, section
        from mfa_sms.helpdesk.caller_check import SmsCallerCheck
        from mfa_sms.method import METHOD
        from overview import totals
        from sign_in import methods

        methods.register(METHOD)
        sweeper.connect()
        metrics.register(sms_metrics.collect)
        totals.register("text_messages", sms_totals.amounts)
        registry.register_section(permissions.VIEW_TEXT_MESSAGE, section.make_section)
        actions.register_all()
        number_search.register_all()
        caller_codes.register(SmsCallerCheck())
        overview.register_all()
        retention_registry.register("text_messages", retention.purge_old_data)
