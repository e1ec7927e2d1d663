"""The validator that the library calls: which codes and tokens are valid, and what tokens contain."""

import json
import time
import uuid
from datetime import timedelta
from hashlib import sha256
from typing import Any

import jwt
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from jwcrypto import jws
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from oauth2_provider.models import RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator

from sso import keys
from sso.models import Grant, SigningKey, Subject
from sso.models.clients import hashed
from sso.oidc.authorization_request import MFA
from sso.oidc.claims import SCOPES, claims_of

ISSUER = settings.OAUTH2_PROVIDER["OIDC_ISS_ENDPOINT"]


class Validator(OAuth2Validator):
    """Binds every code and token to its `Grant`, which stores the sign-in for the tokens and their end.

    The library's request carries the grant as `grant`.
    """

    oidc_claim_scope = SCOPES

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return constant_time_compare(hashed(provided_secret), stored_secret)

    def _create_authorization_code(self, request: Any, code: dict[str, str], expires: Any = None) -> Any:
        grant: Grant = request.grant
        grant.code_digest = Grant.digest(code["code"])
        grant.save()
        return super()._create_authorization_code(request, code, expires)

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Return whether the code is this service's and unused, and its grant is still good.

        SECURITY: a second use revokes all tokens of the first (RFC 9700, section 2.1.1). The grant's row is locked, so
        if a code is used twice at once, the later request sees the first use.
        """
        grants = Grant.objects.select_for_update(of=("self",)).select_related("account", "client")
        grant = grants.filter(code_digest=Grant.digest(code), client=client).first()
        if grant is None:
            return False
        if grant.used_at is not None:
            revoke(grant)
            return False
        # SECURITY: `redirect_uri` is mandatory, so an intercepted code cannot be redeemed.
        if not request.redirect_uri or not grant.is_good():
            return False
        if not super().validate_code(client_id, code, client, request, *args, **kwargs):
            return False
        request.grant = grant
        return True

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Record that the code was used."""
        Grant.objects.filter(pk=request.grant.pk).update(used_at=timezone.now())
        super().invalidate_authorization_code(client_id, code, request, *args, **kwargs)

    def validate_silent_login(self, request: Any) -> bool:
        """Return True: the view has already decided."""
        return True

    validate_silent_authorization = validate_silent_login

    def _create_refresh_token(self, request: Any, code: str, access_token: Any, previous: Any) -> Any:
        made = super()._create_refresh_token(request, code, access_token, previous)
        if request.grant.family is None:
            request.grant.family = made.token_family
            request.grant.save(update_fields=["family"])
        return made

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Return whether the token is this service's and unused, and its grant is still good.

        SECURITY: the token's row is locked. If a token is used twice at once, the later request sees the first use and
        revokes them all.
        """
        digest = sha256(refresh_token.encode()).hexdigest()
        list(RefreshToken.objects.select_for_update().filter(token_checksum=digest).values_list("pk"))
        if not super().validate_refresh_token(refresh_token, client, request, *args, **kwargs):
            return False
        family = request.refresh_token_instance.token_family
        request.grant = _good(Grant.objects.filter(family=family))
        return request.grant is not None

    def validate_bearer_token(self, token: str, scopes: Any, request: Any) -> bool:
        """Return whether the access token is valid and its grant is still good."""
        if not super().validate_bearer_token(token, scopes, request):
            return False
        families = RefreshToken.objects.filter(access_token=request.access_token).values("token_family")
        request.grant = _good(Grant.objects.filter(family__in=families))
        return request.grant is not None

    def get_claim_dict(self, request: Any) -> dict[str, Any]:
        """Return every claim about the person. The library removes those of other scopes."""
        return claims_of(request.user)

    def finalize_id_token(self, id_token: dict[str, Any], token: Any, token_handler: Any, request: Any) -> str:
        """Return the signed ID token. `auth_time`, `acr` and `amr` are those of the sign-in that the code came from."""
        grant: Grant = request.grant
        now, life = int(time.time()), settings.OAUTH2_PROVIDER["ID_TOKEN_EXPIRE_SECONDS"]
        id_token |= self.get_oidc_claims(token, token_handler, request)
        id_token |= {
            "iss": ISSUER,
            "exp": now + life,
            "jti": str(uuid.uuid4()),
            "auth_time": int(grant.proven_at.timestamp()),
            "acr": MFA,
            "amr": grant.amr,
            "sid": grant.session_id,
        }
        if request.nonce:
            id_token["nonce"] = request.nonce
        kept = self._save_id_token(id_token["jti"], request, timezone.now() + timedelta(seconds=life))
        request.access_token = request.id_token = kept
        return keys.sign(SigningKey.Use.OIDC, id_token)

    def _get_key_for_token(self, token: str) -> JWK | None:
        """Return the published key that the token names, even if it no longer signs; otherwise None."""
        unverified = jws.JWS()
        try:
            unverified.deserialize(token)
            key_id = json.loads(unverified.objects["protected"]).get("kid")
        except (JWException, ValueError, KeyError):
            return None
        public = {key["kid"]: key for key in keys.jwks(SigningKey.Use.OIDC)["keys"]}.get(key_id)
        return JWK(**public) if public else None


def revoke(grant: Grant) -> None:
    """End a grant, so that none of its tokens is valid any more."""
    Grant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=timezone.now())
    if grant.family is not None:
        RefreshToken.revoke_family(grant.family)


def _good(grants: Any) -> Grant | None:
    grant: Grant | None = grants.select_related("account", "client").first()
    return grant if grant is not None and grant.is_good() else None


def subject_of(token: str) -> dict[str, Any] | None:
    """Return the claims of an ID token of ours, expired or not; None unless a published key has signed it.

    A logout token, which has the claim `events`, also gives None.
    """
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        public = {key["kid"]: key for key in keys.jwks(SigningKey.Use.OIDC)["keys"]}[key_id]
        options: Any = {"verify_exp": False, "verify_aud": False, "require": ["sub", "aud", "iss"]}
        said: dict[str, Any] = jwt.decode(token, jwt.PyJWK(public), ["RS256"], options, issuer=ISSUER)
    except (jwt.PyJWTError, KeyError):
        return None
    return said if "events" not in said else None


def is_about(said: dict[str, Any], account: Any) -> bool:
    """Return whether an ID token is about the account."""
    return bool(said["sub"] == Subject.of(account))
