"""Other services: those that use OpenID Connect, and Microsoft Entra."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    name = "sso"
    verbose_name = _("Other services")

    def ready(self) -> None:
        """Register the names of services, the listeners for what ends grants, Entra, and the retention tasks."""
        # Models can be imported only once every app is loaded.
        from common import metrics, retention
        from sessions import endings
        from sign_in import external_mfa, services
        from sign_in.methods import device_changes
        from sso import checks, events, permissions, service_events  # noqa: F401
        from sso.entra import admin, attempts, request_search  # noqa: F401
        from sso.entra import helpdesk as entra_links
        from sso.entra.relying_party import RELYING_PARTY
        from sso.metrics import ServiceMetrics
        from sso.oidc import admin as service_admin  # noqa: F401
        from sso.oidc import backchannel_logout, logout, service_names

        services.register_service_finder(service_names.service_name, service_names.service_hint)
        service_events.register()
        metrics.register(ServiceMetrics().collect)
        endings.register_listener(logout.sessions_ended)
        endings.register_account_listener(logout.all_sessions_ended)
        device_changes.register_removal(logout.device_removed)
        entra_links.register_all()
        request_search.register_all()
        external_mfa.register_relying_party(RELYING_PARTY)
        retention.register("service_tokens", backchannel_logout.purge_grants)
        retention.register("entra_attempts", attempts.purge_entra_attempts)
