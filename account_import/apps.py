"""Imports accounts from CSV files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountImportConfig(AppConfig):
    name = "account_import"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register this app's components. The imports are local because models load only after the apps."""
        # Models can be imported only once every app is loaded.
        from account_import import (
            events,  # noqa: F401
            notices,  # noqa: F401
            permissions,  # noqa: F401
            uploads,
        )
        from common import retention

        retention.register("imports", uploads.purge_imports)
