"""The first page of the admin: numbers and figures."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverviewConfig(AppConfig):
    """The first page of the admin: numbers and figures."""

    name = "overview"
    verbose_name = _("Overview")

    def ready(self) -> None:
        """Register what belongs to this app."""
        # Models can be imported only once every app is loaded.
        from common import retention
        from overview import counting, own

        own.register_all()
        retention.register("figures", counting.purge_figures)
