"""The link between a tenant's user and an account."""

from django.db import IntegrityError, transaction

from accounts import account_names, states
from accounts.models import Account
from common.client_info import ClientInfo
from sso import events
from sso.entra.hints import Hint
from sso.entra.refusals import NotServed, Unserved
from sso.models import Tenant, TenantLink


def account_of(hint: Hint, client: ClientInfo) -> Account:
    """Return the account of the tenant's user, and link the two. Raises `NotServed`.

    An existing link applies even if the user's name changes later. Without a link, the hint's names must match exactly
    one account.
    """
    if hint.is_guest:
        raise NotServed(Unserved.GUEST)
    link = _link_of(hint)
    account = link.account if link else _by_name(hint)
    admit(hint.tenant, account)
    if link is None:
        _tie(hint, account, client)
    return account


def service_of_tenant(tenant: Tenant) -> str:
    """Return the tenant's name in events."""
    return f"entra {tenant.tenant_id}"


def _link_of(hint: Hint) -> TenantLink | None:
    links = TenantLink.objects.select_related("account")
    return links.filter(tenant=hint.tenant, object_id=hint.object_id).first()


def _by_name(hint: Hint) -> Account:
    named = set()
    for typed in hint.names:
        try:
            name = account_names.parse_account_name(typed)
        except account_names.NotAnAccountName:
            continue
        account = Account.objects.filter(username=name.username).first()
        if account is not None and account.account_name == name:
            named.add(account)
    if len(named) != 1:
        raise NotServed(Unserved.UNKNOWN_ACCOUNT)
    return named.pop()


def admit(tenant: Tenant, account: Account) -> None:
    """Raise `NotServed` if the tenant does not serve the account now."""
    if not tenant.is_enabled:
        raise NotServed(Unserved.TENANT_OFF, account)
    if not states.is_open(account):
        raise NotServed(Unserved.ACCOUNT_INACTIVE, account)
    if account.must_renew_since is not None:
        # SECURITY: the tenant may have checked the very password that its owner has reported.
        raise NotServed(Unserved.MUST_RENEW, account)
    if not tenant.admits(account):
        raise NotServed(Unserved.AFFILIATION, account)
    if tenant.is_pilot and not tenant.pilot.filter(account=account).exists():
        raise NotServed(Unserved.NOT_PILOT, account)


def _tie(hint: Hint, account: Account, client: ClientInfo) -> None:
    """Create the link. Raises `NotServed` if the user or the account has another link.

    SECURITY: a link never moves, neither to another account nor to another user. Only the helpdesk can remove it.
    """
    try:
        with transaction.atomic():
            TenantLink.objects.create(tenant=hint.tenant, object_id=hint.object_id, account=account)
            events.service_linked(account, service_of_tenant(hint.tenant), client)
    except IntegrityError:
        made = _link_of(hint)  # perhaps created by another request of the same user
        if made is None or made.account_id != account.pk:
            raise NotServed(Unserved.LINK_TAKEN, account) from None
