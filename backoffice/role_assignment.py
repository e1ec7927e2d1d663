"""Gives an account a role in the admin, or removes it."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from backoffice import events, roles
from common.client_info import ClientInfo
from sessions import registry


class RoleRefused(Exception):
    """The role cannot be given. The text says why, in the active language."""


def current_role(account: Account) -> str:
    """Return the role of the account, or `NO_ROLE`."""
    held = account.groups.filter(name__in=roles.ALL_ROLES).values_list("name", flat=True).first()
    return str(held) if held else roles.NO_ROLE


def assign_role(account_id: int, role: str, actor: Account | None = None, client: ClientInfo | None = None) -> Account:
    """Give the account one role and remove any other. End all its sessions, because those of staff have other limits.
    A translator gets no access to the admin.

    `actor` is the administrator, or None for an operator at the command line. Raise `RoleRefused`.

    SECURITY: administrators cannot change their own role, so that an attacker with a stolen session cannot extend its
    permissions. No administrator can change a superuser.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
        if role != roles.NO_ROLE and not account.is_active:
            raise RoleRefused(_("The account is deactivated."))
        if actor is not None and actor.pk == account.pk:
            raise RoleRefused(_("You cannot change your own role. Ask another administrator."))
        if actor is not None and account.is_superuser:
            raise RoleRefused(_("Only an operator changes the role of a superuser."))
        former = current_role(account)
        account.is_staff = role in roles.ROLES or account.is_superuser
        account.save(update_fields=["is_staff"])
        account.groups.set(Group.objects.filter(name=role))
        registry.end_all(account)
        events.role_granted(account, role, former, actor, client)
    return account
