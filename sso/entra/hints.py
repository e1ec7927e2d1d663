"""The hint (`id_token_hint`), in which Entra signs who the person is.

Only the hint identifies the person, and no other part of a request.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.utils import timezone
from jwt.types import Options

from sso.entra import tenant_keys
from sso.entra.refusals import RequestRefused, Why
from sso.keys import ALGORITHM
from sso.models import Tenant

# `_judge` checks the claims, since Entra's hints have expired.
_SIGNATURE_ALONE: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
}
_LONGEST = 16 * 1024  # characters: several times what Entra sends
_LONGEST_CLAIM = {"oid": 64, "sub": 200, "preferred_username": 200, "upn": 200, "kid": 200}


@dataclass(frozen=True)
class Hint:
    """The tenant's user whose second factor is requested, by `object_id`.

    `names` are the tenant's names for the user. `is_guest` is whether another directory has checked who it is.
    `subject` goes back in the response. `digest` is the same for every spelling of one hint.
    """

    tenant: Tenant
    object_id: str
    subject: str
    names: tuple[str, ...]
    digest: str
    is_guest: bool = False


def read_hint(token: str) -> Hint:
    """Return a hint after its signature and claims are verified. Raises `RequestRefused`.

    The expiry is not checked, because Entra issues expired hints on purpose. The age is checked instead.
    """
    if not token:
        raise RequestRefused(Why.HINT_MISSING)
    if len(token) > _LONGEST:
        raise RequestRefused(Why.HINT_MALFORMED)
    key_id = _key_id(token)
    tenant = _tenant(token)
    claims = _verified(token, tenant, key_id)
    _judge(claims, tenant)
    names = [_text(claims, name) for name in ("preferred_username", "upn") if claims.get(name)]
    # The signature does not cover its own spelling: base64 has more than one for the same bytes.
    signed = token.rpartition(".")[0]
    digest = sha256(signed.encode()).hexdigest()
    subject, guest = _text(claims, "sub"), _is_guest(claims, tenant)
    return Hint(tenant, _text(claims, "oid"), subject, tuple(names), digest, guest)


def _is_guest(claims: dict[str, Any], tenant: Tenant) -> bool:
    """Return whether the user belongs to another directory (the optional claims `acct` and `idp`).

    SECURITY: a guest's name may be chosen in the other directory, so it may equal the name of an account here.
    """
    home = (None, tenant.issuer, f"https://sts.windows.net/{tenant.tenant_id}/")
    return claims.get("acct") not in (None, 0, "0") or claims.get("idp") not in home


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise RequestRefused(Why.HINT_MALFORMED) from None
    # SECURITY: refuse unsigned tokens (`none`), and tokens signed with a public key as if it were a secret (HS256).
    if header.get("alg") != ALGORITHM:
        raise RequestRefused(Why.HINT_ALGORITHM)
    if "crit" in header:
        raise RequestRefused(Why.HINT_MALFORMED)
    return _text(header, "kid", Why.HINT_KEY)


def _tenant(token: str) -> Tenant:
    """Return the tenant whose keys verify the hint. No other claim is used before that."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        tenant_id = UUID(claims["tid"])
        return Tenant.objects.get(tenant_id=tenant_id)
    except (jwt.PyJWTError, json.JSONDecodeError, RecursionError):
        raise RequestRefused(Why.HINT_MALFORMED) from None
    except (KeyError, ValueError, TypeError, AttributeError, Tenant.DoesNotExist):
        raise RequestRefused(Why.HINT_TENANT) from None


def _verified(token: str, tenant: Tenant, key_id: str) -> dict[str, Any]:
    try:
        key = tenant_keys.key_of(tenant, key_id)
    except tenant_keys.KeysUnreachable:
        raise RequestRefused(Why.KEYS_UNREACHABLE, str(tenant.tenant_id)) from None
    if key is None:
        raise RequestRefused(Why.HINT_KEY, str(tenant.tenant_id))
    try:
        return jwt.decode(token, key.key, algorithms=[ALGORITHM], options=_SIGNATURE_ALONE)
    except jwt.PyJWTError:
        raise RequestRefused(Why.HINT_SIGNATURE, str(tenant.tenant_id)) from None


def _judge(claims: dict[str, Any], tenant: Tenant) -> None:
    """Compare the signed claims with the tenant's row, and their age with the limits."""
    who = str(tenant.tenant_id)
    if claims.get("iss") != tenant.issuer:
        raise RequestRefused(Why.HINT_ISSUER, who)
    if claims.get("aud") != tenant.app_id:
        raise RequestRefused(Why.HINT_AUDIENCE, who)
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not 0 < issued < 2**37:
        raise RequestRefused(Why.HINT_CLAIMS, who)
    age = timezone.now() - datetime.fromtimestamp(issued, UTC)
    if age > settings.ENTRA_HINT_AGE:
        raise RequestRefused(Why.HINT_OLD, who)
    if -age > settings.ENTRA_CLOCK_SKEW or _begins_later(claims.get("nbf", issued), who):
        raise RequestRefused(Why.HINT_FUTURE, who)


def _begins_later(begins: Any, who: str) -> bool:
    """Return whether the hint is not valid yet (`nbf`), beyond the difference between clocks."""
    if isinstance(begins, bool) or not isinstance(begins, int | float):
        raise RequestRefused(Why.HINT_CLAIMS, who)
    return bool(begins > timezone.now().timestamp() + settings.ENTRA_CLOCK_SKEW.total_seconds())


def _text(claims: dict[str, Any], name: str, why: Why = Why.HINT_CLAIMS) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_CLAIM[name] or not value.isprintable():
        raise RequestRefused(why, name)
    return value
