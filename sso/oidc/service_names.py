"""What the pages of a sign-in know of the service that it leads back to."""

from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from accounts.account_names import NotAnAccountName, parse_account_name
from sso.models import Client
from sso.oidc.authorization_request import client_of


def service_name(where: str) -> str:
    """Return the name of the service, empty where the address is none of its requests."""
    client = _client(where)
    return str(client) if client else ""


def service_hint(where: str) -> str:
    """Return the account name that the service expects, where it is one."""
    try:
        return str(parse_account_name(_parameter(where, "login_hint")))
    except NotAnAccountName:
        return ""


def service_origin(where: str) -> str:
    """Return scheme, host and port that the service's browser goes to in the end; empty where that is not allowed."""
    client = _client(where)
    uri = _parameter(where, "redirect_uri")
    return client_info_of(uri) if client and client.redirect_uri_allowed(uri) else ""


def client_info_of(uri: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _client(where: str) -> Client | None:
    client_id = _parameter(where, "client_id")
    client = client_of(client_id) if client_id else None
    return client if client and client.is_enabled else None


def _parameter(where: str, wanted: str) -> str:
    parts = urlsplit(where)
    if parts.path != reverse("sso:authorize"):
        return ""
    return parse_qs(parts.query).get(wanted, [""])[0]
