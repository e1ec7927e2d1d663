"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from account_import.uploads import apply_import, check_import, sweep_imports

__all__ = [
    "apply_import",
    "check_import",
    "sweep_imports",
]
