"""Services and tenants, what ties people to them, and the keys that sign what they are told."""

from sso.models.clients import Client, Subject
from sso.models.entra import EntraAttempt, PilotMember, Tenant, TenantLink
from sso.models.grants import Grant, LogoutNotice
from sso.models.keys import SigningKey

__all__ = [
    "Client",
    "EntraAttempt",
    "Grant",
    "LogoutNotice",
    "PilotMember",
    "SigningKey",
    "Subject",
    "Tenant",
    "TenantLink",
]
