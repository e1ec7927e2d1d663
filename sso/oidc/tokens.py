"""Access tokens and refresh tokens.

An access token is a JSON Web Token (RFC 9068). It names its audience: the userinfo endpoint, and the resource servers
that an administrator has chosen for the service. The database has its digest, and the token has the reference of its
grant. So the end of a grant ends the token at once at userinfo and introspection.
"""

import secrets
import time
import uuid
from hashlib import sha256
from typing import Any

import jwt
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from oauth2_provider.models import AccessToken
from oauthlib.common import generate_token

from sso import keys
from sso.models import Grant, SigningKey, Subject
from sso.oidc.authorization_request import MFA
from sso.oidc.responses import ISSUER

USERINFO: str = settings.OAUTH2_PROVIDER["OIDC_USERINFO_ENDPOINT"]
TYPE = "at+jwt"


def access_token(request: Any) -> str:
    """Return a new access token for the grant of the library's request. Raises `NoSigningKey`."""
    grant: Grant = request.grant
    now = int(time.time())
    servers = grant.client.resource_servers.filter(is_resource_server=True, is_enabled=True)
    claims = {
        "iss": ISSUER,
        "aud": [USERINFO, *servers.values_list("client_id", flat=True)],
        "sub": Subject.of(grant.account, grant.client),
        "client_id": grant.client.client_id,
        "iat": now,
        "exp": min(now + int(settings.SSO_TOKEN_LIFE.total_seconds()), int(grant.ends_at.timestamp())),
        "jti": f"{grant.reference.hex}.{secrets.token_urlsafe(12)}",
        "scope": " ".join(request.scopes),
        "auth_time": int(grant.proven_at.timestamp()),
        "amr": grant.amr,
        **({"acr": MFA} if grant.is_mfa else {}),
    }
    return keys.sign(SigningKey.Use.OIDC, claims, TYPE)


def refresh_token(request: Any) -> str:
    """Return a new refresh token. The next token of a used one is always the same.

    SECURITY: within the grace period, a second use gives the same next token. So if a thief and the service both have
    it, one of them uses it a second time after the grace period, and all tokens of the grant end.
    """
    used = getattr(request, "refresh_token_instance", None)
    if used is None:
        return str(generate_token())
    return salted_hmac("sso.refresh_token", request.refresh_token, algorithm="sha256").hexdigest()


def stored_token(token: str) -> tuple[AccessToken, dict[str, Any]] | None:
    """Return an access token that has not expired, and its claims; None for other tokens.

    There is no need to verify the signature: the digest is that of a token that we have signed.
    """
    digest = sha256(token.encode()).hexdigest()
    stored = AccessToken.objects.filter(token_checksum=digest, expires__gt=timezone.now()).first()
    return (stored, claims_of_token(token)) if stored else None


def claims_of_token(token: str) -> dict[str, Any]:
    """Return the claims of an access token whose digest is stored; empty for other text."""
    try:
        said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return {}
    return said


def grant_of(claims: dict[str, Any]) -> Grant | None:
    """Return the grant that an access token comes from, whether it is good or not."""
    try:
        reference = uuid.UUID(str(claims.get("jti", "")).partition(".")[0])
    except ValueError:
        return None
    return Grant.objects.select_related("account", "client").filter(reference=reference).first()
