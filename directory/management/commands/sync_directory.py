"""`manage.py sync_directory`: make the accounts match the university's directory now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from account_import import report, unattended


class Command(BaseCommand):
    """Imports the people of the directory, as the scheduled task does."""

    help = (
        "Import the people of the university's directory: create, change, rename, reactivate and deactivate accounts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Print what would change. Change nothing.")

    @no_translations
    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if not settings.DIRECTORY_URLS:
            raise CommandError("DIRECTORY_URLS is not set, so there is no directory to read.")
        # python-ldap is installed only where a directory is used.
        from directory import people, sync

        if dry_run:
            for line in report.report_lines(unattended.plan_people(people.read_people()), names=True):
                self.stdout.write(line)
            self.stdout.write("Dry run: nothing was applied.")
        elif not sync.sync_directory():
            raise CommandError("The accounts do not match the directory. The log says why.")
