"""Models of services and tenants, their links to accounts, their grants, and the signing keys."""

from sso.models.clients import Client, Subject
from sso.models.entra import EntraAttempt, PilotMember, Tenant, TenantLink
from sso.models.grants import Grant, LogoutNotice
from sso.models.keys import SigningKey
from sso.models.refusals import ServiceRefusal

__all__ = [
    "Client",
    "EntraAttempt",
    "Grant",
    "LogoutNotice",
    "PilotMember",
    "ServiceRefusal",
    "SigningKey",
    "Subject",
    "Tenant",
    "TenantLink",
]
