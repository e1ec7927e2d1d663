"""The demo for a developer's machine: people with a history, single-use codes for staff, gateways, and a phone."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed with DEBUG only."""

    name = "demo"

    def ready(self) -> None:
        """Register the single-use codes as a method, and the scheme of the demo's gateway."""
        # Models can be imported only once every app is loaded.
        from demo.gateway import DemoGateway
        from demo.method import METHOD
        from mfa_sms import gateways
        from sign_in import methods

        methods.register(METHOD)
        gateways.register("demo", DemoGateway.from_url)
