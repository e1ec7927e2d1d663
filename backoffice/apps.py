"""The shared base of the admin's pages, and the roles."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = _("Settings")

    def ready(self) -> None:
        from backoffice import (
            events,  # noqa: F401
            permissions,  # noqa: F401
            refused_pages,
            roles,
        )
        from common import problem_pages

        problem_pages.listen(refused_pages.record)
        # Django sends no `post_migrate` for an app without models.
        post_migrate.connect(roles.after_migrate, sender=apps.get_app_config("accounts"))
