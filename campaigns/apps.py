"""Enrollment campaigns."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        """Register this app's components. The imports are local because models load only after the apps."""
        from campaigns import (
            events,  # noqa: F401
            permissions,  # noqa: F401
            postponements,
        )
        from sign_in import postponing

        postponing.register(postponements.find_postponement)
