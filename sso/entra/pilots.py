"""The pilot group of a tenant. A list of names adds or removes accounts."""

from django.db import transaction

from accounts import account_names
from accounts.models import Account
from common.client_info import ClientInfo
from sso import events
from sso.entra.linking import service_of_tenant
from sso.models import PilotMember, Tenant

_AT_ONCE = 500  # names in a query


class UnknownNames(ValueError):
    """Lines of the list that name no account, by their number."""

    def __init__(self, lines: list[int]) -> None:
        super().__init__(lines)
        self.lines = lines


def accounts_of(text: str) -> list[Account]:
    """Return the accounts of a list of usernames or account names, one per line. Raises `UnknownNames`."""
    names = {number: name for number, line in enumerate(text.splitlines(), 1) if (name := line.strip().lower())}
    usernames = {number: _username(name) for number, name in names.items()}
    wanted = sorted(set(usernames.values()) - {""})
    found: dict[str, Account] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Account.objects.filter(username__in=wanted[start : start + _AT_ONCE])
        found |= {account.username: account for account in rows}
    unknown = [number for number, username in usernames.items() if username not in found]
    if unknown:
        raise UnknownNames(unknown)
    return list(found.values())


def add_members(tenant: Tenant, accounts: list[Account], actor: Account, client: ClientInfo) -> int:
    """Add accounts, and return the size of the group."""
    with transaction.atomic():
        rows = [PilotMember(tenant=tenant, account=account) for account in accounts]
        PilotMember.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)
        return _written(tenant, f"added={len(accounts)}", actor, client)


def remove_members(tenant: Tenant, accounts: list[Account], actor: Account, client: ClientInfo) -> int:
    """Remove accounts, and return the size of the group."""
    with transaction.atomic():
        for start in range(0, len(accounts), _AT_ONCE):
            PilotMember.objects.filter(tenant=tenant, account__in=accounts[start : start + _AT_ONCE]).delete()
        return _written(tenant, f"removed={len(accounts)}", actor, client)


def _username(name: str) -> str:
    if "\x00" in name:
        return ""
    if "@" not in name:
        return name
    try:
        return account_names.parse_account_name(name).username
    except account_names.NotAnAccountName:
        return ""


def _written(tenant: Tenant, what: str, actor: Account, client: ClientInfo) -> int:
    members = PilotMember.objects.filter(tenant=tenant).count()
    events.service_changed(actor, service_of_tenant(tenant), f"pilot {what} members={members}", client)
    return members
