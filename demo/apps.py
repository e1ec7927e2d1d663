"""What only a developer's machine has: people, single-use codes for staff, and the phone that receives the messages."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed with DEBUG only."""

    name = "demo"

    def ready(self) -> None:
        """Register the single-use codes as a method."""
        from accounts import methods
        from demo.method import METHOD

        methods.register(METHOD)
