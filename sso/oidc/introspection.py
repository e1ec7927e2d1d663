"""Token introspection for resource servers (RFC 7662)."""

from typing import Any

from sso.models import Client
from sso.oidc.tokens import grant_of, stored_token

_SAID = ("iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope", "auth_time", "amr", "acr")


def introspect(token: str, server: Client) -> dict[str, Any]:
    """Return the facts about the token; only that it is not active if it is not meant for the server.

    SECURITY: the token's audience and the service's current settings must both name the server. The response
    is the same for unknown, expired and foreign tokens.
    """
    inactive = {"active": False}
    found = stored_token(token)
    if found is None:
        return inactive
    _stored, claims = found
    grant = grant_of(claims)
    if server.client_id not in claims.get("aud", ()) or grant is None or not grant.is_good():
        return inactive
    if not grant.client.resource_servers.filter(pk=server.pk).exists():
        return inactive
    account = grant.account
    said = {name: claims[name] for name in _SAID if name in claims}
    email = {"email": account.email} if "email" in claims["scope"].split() and account.email else {}
    return {"active": True, "token_type": "Bearer", "username": str(account.account_name), **email, **said}
