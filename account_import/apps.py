"""Accounts from a CSV file."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountImportConfig(AppConfig):
    """Accounts from a CSV file."""

    name = "account_import"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register what belongs to this app."""
        # Models can be imported only once every app is loaded.
        from account_import import (
            events,  # noqa: F401
            permissions,  # noqa: F401
            uploads,
        )
        from common import retention

        retention.register("imports", uploads.purge_imports)
