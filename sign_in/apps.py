"""Sign-in, step-up, and the registry of second factors."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SignInConfig(AppConfig):
    name = "sign_in"
    verbose_name = _("Settings")

    def ready(self) -> None:
        from sign_in import events  # noqa: F401
        from sign_in.methods import default_policies

        post_migrate.connect(default_policies.make_defaults, sender=self)
