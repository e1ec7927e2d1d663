"""Who someone is: accounts, sign-in, events."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The app that every factor builds on, and that knows none of them."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Keep the rules for methods complete."""
        from accounts import method_rules

        post_migrate.connect(method_rules.make_defaults, sender=self)
