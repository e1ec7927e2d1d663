"""Enrollment campaigns."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        """Register this app's components. The imports are local because models load only after the apps."""
        # Models can be imported only once every app is loaded.
        from campaigns import (
            events,  # noqa: F401
            figures,
            permissions,  # noqa: F401
            postponements,
        )
        from sign_in import postponing

        figures.register_all()
        postponing.register(postponements.find_postponement)
