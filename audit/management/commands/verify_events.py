"""`manage.py verify_events`: check the audit log against its seals."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import sealing
from audit.sealing import Checkpoint, Counts

SHOWN = 100


class Command(BaseCommand):
    """Prints one line for each finding and fails, or prints one line if there are no findings.

    The output contains no addresses and no names.
    """

    help = "Verify the seals of the security events, and each event against its seal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options for a known seal and for accepting the chain."""
        parser.add_argument(
            "--head",
            type=_anchor,
            metavar="NUMBER:DIGEST",
            help="a seal as the log of the worker shows it: fails too if the chain ends before it or has another. "
            "Default: the newest that the cache remembers",
        )

        parser.add_argument(
            "--accept",
            action="store_true",
            help="take the chain as it is from now on, after a backup was restored: sealing goes on behind it",
        )

    def handle(self, *args: Any, head: Checkpoint | None, accept: bool, **options: Any) -> None:
        if accept:
            sealing.accept()
        counts = Counts()
        found = 0
        head = head or sealing.remembered()
        if head is None:
            self.stderr.write("No newest seal is remembered and no --head was given: a chain cut short would not show.")
        for finding in sealing.verify(head, counts):
            found += 1
            if found <= SHOWN:
                self.stdout.write(str(finding))
        if found > SHOWN:
            self.stdout.write(f"… and {found - SHOWN} more.")
        in_order = f"{counts.rows} events and {counts.seals} seals are in order, {counts.unsealed} are not sealed yet."
        if found:
            raise CommandError(f"{found} {'finding' if found == 1 else 'findings'}; {in_order}")
        self.stdout.write(in_order)


def _anchor(text: str) -> Checkpoint:
    try:
        return Checkpoint.read(text)
    except ValueError:
        raise argparse.ArgumentTypeError("NUMBER:DIGEST is wanted, as the log shows it.") from None
