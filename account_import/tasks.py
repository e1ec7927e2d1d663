"""The Celery tasks of this app, for autodiscovery. Each task is defined beside the function that it runs."""

from account_import.uploads import apply_import, check_import, sweep_imports

__all__ = [
    "apply_import",
    "check_import",
    "sweep_imports",
]
