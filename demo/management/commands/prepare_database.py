"""`manage.py prepare_database`: make the empty database that a first `make run` copies."""

from typing import Any

from django.core.management.base import BaseCommand

from demo import empty_database


class Command(BaseCommand):
    """Makes the database unless it exists. The installation calls this."""

    help = "Migrate an empty SQLite database once, so that a first start is fast."

    def handle(self, *args: Any, **options: Any) -> None:
        empty_database.ensure()
