"""`manage.py fill_history`: `make run` runs it in the background, before it starts beat."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from audit.models import EventSeal
from demo.history import desk, filling
from demo.history.story import HistoryPlan
from demo.models import HistoryDay
from overview import counting


class Command(BaseCommand):
    """Counts the figures of the overview at once, and writes the missing history."""

    help = "Count the figures of the overview, and fill a new database with 60 days of history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="count only, and write no history")

    def handle(self, *args: Any, empty: bool, **options: Any) -> None:
        counting.count_figures()
        if empty:
            return
        plan = HistoryPlan()
        if EventSeal.objects.exists() and not HistoryDay.objects.exists():
            self.stdout.write("  No history: this database is in use already. `make clean` makes room for one.")
            return
        if filling.left(plan):
            self.stdout.write(f"  Writing {plan.days} days of history in the background.")
            self.stdout.flush()
            with filling.writing():
                filling.fill(plan, timezone.now())
            self.stdout.write("  The history is complete.")
            counting.count_figures()
        desk.ask_approval()
