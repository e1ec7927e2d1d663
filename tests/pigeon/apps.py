"""What the pigeon registers when it is installed. The tests register its method, so that other tests have none."""

from django.apps import AppConfig


class PigeonConfig(AppConfig):
    """Registers events, notices and permissions."""

    name = "tests.pigeon"

    def ready(self) -> None:
        """Import the modules that register."""
        # Models can be imported only once every app is loaded.
        from tests.pigeon import events, notices, permissions  # noqa: F401
