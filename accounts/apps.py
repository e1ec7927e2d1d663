"""Who someone is: accounts, sign-in, events."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The app that every factor builds on, and that knows none of them."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register what agents do and the overview counts; fill roles and rules after each `migrate`."""
        from accounts import method_rules, roles
        from accounts.helpdesk import actions, cases
        from accounts.methods.verification import device_locked
        from accounts.overview import own

        actions.register_all()
        own.register_all()
        device_locked.connect(cases.open_for_lock)
        post_migrate.connect(roles.after_migrate, sender=self)
        post_migrate.connect(method_rules.make_defaults, sender=self)
