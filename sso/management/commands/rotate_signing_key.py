"""`manage.py rotate_signing_key`: make the next key that signs tokens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sso import keys
from sso.models import SigningKey


class Command(BaseCommand):
    """Makes a key and prints from when it signs."""

    help = (
        "Make the next key that signs tokens. It is published at once and signs two days later, when everybody who "
        "checks tokens has read it; the first one signs at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the use of the key, and the option to withdraw all other keys."""
        parser.add_argument("use", choices=SigningKey.Use.values, help="Whose tokens it signs.")
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="Somebody else may have a key: withdraw all others now. What they signed is no longer believed, and "
            "who has kept the old ones must read anew: Entra may refuse sign-ins for up to a day.",
        )

    def handle(self, *args: Any, use: str, at_once: bool, **options: Any) -> None:
        """Make the key. Raises `CommandError` if the last key does not sign yet."""
        try:
            key = keys.rotate(SigningKey.Use(use), at_once=at_once)
        except keys.RotationPending:
            raise CommandError("The last key does not sign yet. Nothing was made.") from None
        self.stdout.write(f"{key.key_id} signs for {use} from {key.signs_from:%Y-%m-%d %H:%M} UTC.")
