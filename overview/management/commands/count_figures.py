"""`manage.py count_figures --since 2026-01-01`: backfill the overview's figures for hours that no task has counted."""

from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from overview import counting

_BAR_WIDTH = 40


class Command(BaseCommand):
    """Counts every hour since a day and overwrites earlier counts."""

    help = (
        "Count text messages, locks and gateway switches of each hour since a day, for the overview of the admin. How "
        "many were enrolled then, and which methods were in use, cannot be counted any more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, since: date, **options: Any) -> None:
        begin = timezone.make_aware(datetime(since.year, since.month, since.day))
        now = timezone.now()
        if begin >= now:
            raise CommandError("That day is to come.")

        def progress(until: datetime) -> None:
            if not self.stderr.isatty():
                return
            done = (until - begin) / (now - begin)
            bar = "#" * min(int(_BAR_WIDTH * done), _BAR_WIDTH)
            self.stderr.write(f"\r{timezone.localdate(until)} [{bar:<{_BAR_WIDTH}}]", style_func=str, ending="")

        counting.backfill(begin, progress)
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(f"Counted every hour since {since}.")
