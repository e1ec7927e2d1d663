"""Facts about the service that a sign-in leads back to, for the sign-in pages."""

from urllib.parse import parse_qs, urlsplit

from accounts.account_names import NotAnAccountName, parse_account_name
from common.root_urls import root_path
from sso.models import Client
from sso.oidc.authorization_request import client_of


def service_name(where: str) -> str:
    """Return the service's name; empty if the URL is not an authorization request of an enabled service."""
    client = _client(where)
    return str(client) if client else ""


def service_hint(where: str) -> str:
    """Return the account name that the service expects (`login_hint`); empty if it is not an account name."""
    try:
        return str(parse_account_name(_parameter(where, "login_hint")))
    except NotAnAccountName:
        return ""


def _client(where: str) -> Client | None:
    client_id = _parameter(where, "client_id")
    client = client_of(client_id) if client_id else None
    return client if client and client.is_enabled else None


def _parameter(where: str, wanted: str) -> str:
    parts = urlsplit(where)
    if parts.path != root_path("sso:authorize"):
        return ""
    return parse_qs(parts.query).get(wanted, [""])[0]
