"""The helpdesk: the account page, its actions, approvals and cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    verbose_name = _("Helpdesk")

    def ready(self) -> None:
        """Register this app's components. The imports are local because models load only after the apps."""
        # Models can be imported only once every app is loaded.
        from common import retention
        from helpdesk import (
            account_notes,
            account_states,
            actions,
            activation,
            cases,
            first_page,
            notices,  # noqa: F401
            owner_actions,
            permissions,  # noqa: F401
            presses,
            reference_search,
        )
        from notices import compromise_reports
        from sign_in.verification import device_locked

        actions.register_all()
        account_states.register_all()
        first_page.register_all()
        reference_search.register_all()
        owner_actions.register_all()
        activation.register_all()
        account_notes.register_all()
        retention.register("shown_secrets", presses.delete_expired)
        device_locked.connect(cases.open_for_lock)
        compromise_reports.register(cases.open_reported)
