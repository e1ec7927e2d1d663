"""The pigeon's registrations at startup. Tests register its method themselves, so that other tests do not have it."""

from django.apps import AppConfig


class PigeonConfig(AppConfig):
    """Registers events, notices and permissions."""

    name = "tests.pigeon"

    def ready(self) -> None:
        """Import the modules that register."""
        # Models can be imported only once every app is loaded.
        from tests.pigeon import events, notices, permissions  # noqa: F401
