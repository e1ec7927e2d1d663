"""`manage.py limits_page` writes docs/limits.md."""

from typing import Any

from django.core.management.base import BaseCommand

from limits import document


class Command(BaseCommand):
    help = "Write docs/limits.md from the catalogue of limits."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        document.PATH.write_text(document.render(), encoding="utf-8")
