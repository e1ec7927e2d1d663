"""Who someone is: accounts, sign-in, events."""

from django.apps import AppConfig
from django.core.signals import request_finished
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.references import end_log_context


class AccountsConfig(AppConfig):
    """The app that every factor builds on, and that knows none of them."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register events, notices, listeners, what agents do and the overview counts; fill roles after `migrate`."""
        from accounts import (
            backoffice_events,  # noqa: F401
            backoffice_permissions,  # noqa: F401
            device_changes,
            event_retention,
            mailing,
            method_rules,
            notify,
            own_notices,  # noqa: F401
            postponing,
            reports,
            retention,
            roles,
            sign_in_events,  # noqa: F401
        )
        from accounts.campaigns import events as campaign_events  # noqa: F401
        from accounts.campaigns import permissions as campaign_permissions  # noqa: F401
        from accounts.campaigns import putting_off
        from accounts.helpdesk import actions, cases
        from accounts.helpdesk import notices as helpdesk_notices  # noqa: F401
        from accounts.helpdesk import permissions as helpdesk_permissions  # noqa: F401
        from accounts.importing import events as import_events  # noqa: F401
        from accounts.importing import permissions as import_permissions  # noqa: F401
        from accounts.importing import uploads
        from accounts.methods.verification import device_locked
        from accounts.overview import counting, own
        from accounts.sessions import events as session_events  # noqa: F401

        request_finished.connect(end_log_context)
        actions.register_all()
        own.register_all()
        device_locked.connect(cases.open_for_lock)
        device_changes.register(notify.device_changed)
        reports.register(cases.open_reported)
        postponing.register(putting_off.find_postponement)
        retention.register("event_origins", event_retention.anonymize_events)
        retention.register("notices", mailing.purge_notices)
        retention.register("imports", uploads.purge_imports)
        retention.register("figures", counting.purge_figures)
        post_migrate.connect(roles.after_migrate, sender=self)
        post_migrate.connect(method_rules.make_defaults, sender=self)
