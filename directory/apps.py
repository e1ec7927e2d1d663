"""Uses the university's directory if it is configured."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register the checks, and check passwords in the directory if there is one."""
        from directory import checks

        if settings.DIRECTORY_URLS and not checks.missing_library():
            # python-ldap is installed only where a directory is used.
            from directory.passwords import DirectoryPasswords
            from sign_in import password_source

            password_source.use(DirectoryPasswords())
