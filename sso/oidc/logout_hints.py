"""ID tokens that services bring back (`id_token_hint`)."""

from typing import Any

import jwt

from sso import keys
from sso.models import SigningKey
from sso.oidc.responses import ISSUER


def claims_of_hint(token: str) -> dict[str, Any] | None:
    """Return the claims of an ID token of ours, expired or not; None unless a key of ours has signed it.

    Keys that no longer sign are accepted while a session of their time may live. SECURITY: tokens of other kinds give
    None. A logout token has the claim `events`, and an access token has a type of its own.
    """
    try:
        header = jwt.get_unverified_header(token)
        key = keys.verifying_key(SigningKey.Use.OIDC, str(header.get("kid")))
        if key is None or header.get("typ", "JWT") != "JWT":
            return None
        options: Any = {"verify_exp": False, "verify_aud": False, "require": ["sub", "aud", "iss"]}
        said: dict[str, Any] = jwt.decode(token, jwt.PyJWK(key.public), ["RS256"], options, issuer=ISSUER)
    except (jwt.PyJWTError, ValueError):
        return None
    return said if "events" not in said and isinstance(said["aud"], str) else None
