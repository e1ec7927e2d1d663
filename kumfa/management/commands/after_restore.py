"""`manage.py after_restore`: end what a restored database has brought back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kumfa import restore

_NEXT = """
Now, while the processes are still stopped:
  1. manage.py verify_events --head …   with the last seal in the log at the time of the dump
  2. manage.py verify_events --accept   once, so that sealing goes on
  3. manage.py import_accounts …        so that people who left since the dump are deactivated again
  4. manage.py check --deploy
Removed methods and used recovery codes of the time since the dump work again: see docs/operators/backup.md.
"""


class Command(BaseCommand):
    """Ends all sessions, tokens and pending flows, and prints the next steps."""

    help = "End all sessions, tokens and pending flows after a database was restored. Run it before any process starts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, yes: bool, **options: Any) -> None:
        if not yes and input("Everybody will be signed out. Continue? [y/N] ").strip().lower() != "y":
            self.stdout.write("Nothing was changed.")
            return
        ended = restore.end_everything()
        self.stdout.write(f"Ended: {ended.sessions} sessions, {ended.tokens} grants and tokens, {ended.flows} flows.")
        self.stdout.write(_NEXT)
