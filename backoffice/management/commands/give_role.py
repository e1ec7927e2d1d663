"""`manage.py give_role`: set the role of an account in the admin."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Account
from backoffice import events, roles
from sessions import registry


class Command(BaseCommand):
    """Gives an account one role and removes any other.

    Ends all sessions of the account, because sessions of staff have other limits.
    """

    help = "Give an account a role in the admin, or take its role away with `none`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=[*roles.ALL_ROLES, "none"])

    def handle(self, *args: Any, username: str, role: str, **options: Any) -> None:
        with transaction.atomic():
            account = Account.objects.select_for_update(no_key=True).filter(username=username.lower()).first()
            if account is None:
                raise CommandError("There is no such account.")
            if role != "none" and not account.is_active:
                raise CommandError("The account is deactivated.")
            account.is_staff = role in roles.ROLES or account.is_superuser
            account.save(update_fields=["is_staff"])
            account.groups.set(Group.objects.filter(name=role))
            registry.end_all(account)
            events.role_granted(account, role)
        self.stdout.write(f"{account.username}: {role}. All sessions of the account have ended.")
