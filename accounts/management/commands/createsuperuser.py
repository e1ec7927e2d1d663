"""`manage.py createsuperuser`: Django's command. Afterwards it says how to sign in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.management.commands import createsuperuser
from django.utils import translation


class Command(createsuperuser.Command):
    """Asks in one language, and for a mail address: without one there are no notices and no new password."""

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            super().handle(*args, **options)
        self.stdout.write(
            f"Sign in at {settings.PORTAL_URL}/admin/ as USERNAME@{settings.EMPLOYEE_DOMAIN} and set up an"
            " authenticator app: only the app opens the admin."
        )
