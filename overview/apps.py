"""The overview page of the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverviewConfig(AppConfig):
    name = "overview"
    verbose_name = _("Overview")

    def ready(self) -> None:
        """Register this app's components. The imports are local because models load only after the apps."""
        # Models can be imported only once every app is loaded.
        from common import retention
        from overview import core_figures, counting

        core_figures.register_all()
        retention.register("figures", counting.purge_figures)
