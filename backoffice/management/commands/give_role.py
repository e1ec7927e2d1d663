"""`manage.py give_role`: set the role of an account in the admin."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Account
from backoffice import role_assignment, roles


class Command(BaseCommand):
    """Gives an account one role and removes any other.

    Ends all sessions of the account, because sessions of staff have other limits.
    """

    help = "Give an account a role in the admin, or take its role away with `none`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=[*roles.ALL_ROLES, roles.NO_ROLE])

    def handle(self, *args: Any, username: str, role: str, **options: Any) -> None:
        found = Account.objects.filter(username=username.lower()).first()
        if found is None:
            raise CommandError("There is no such account.")
        try:
            account = role_assignment.assign_role(found.pk, role)
        except role_assignment.RoleRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{account.username}: {role}. All sessions of the account have ended.")
