"""The validator that the library calls: which codes and tokens are valid, and what tokens contain."""

import json
import time
import uuid
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone
from jwcrypto import jws
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from oauth2_provider.models import AccessToken, RefreshToken
from oauth2_provider.models import Grant as AuthorizationCode
from oauth2_provider.oauth2_validators import OAuth2Validator

from sso import keys
from sso.models import Grant, SigningKey
from sso.oidc.authorization_request import MFA
from sso.oidc.claims import SCOPES, claims_of
from sso.oidc.client_credentials import credentials_of
from sso.oidc.responses import ISSUER
from sso.oidc.tokens import USERINFO, claims_of_token, grant_of


class Validator(OAuth2Validator):
    """Binds every code and token to its `Grant`, which stores the sign-in for the tokens and their end.

    The library's request carries the grant as `grant`.
    """

    oidc_claim_scope = SCOPES

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Return whether the request has one of the secrets of the service that it names (RFC 6749, section 2.3.1)."""
        name, secret = credentials_of(request)
        client = self._load_application(name, request) if name else None
        return client is not None and client.kind == client.Kind.WEB and client.check_secret(secret)

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Return whether the service must prove that it has sent the authorization request."""
        return not request.client.pkce_exempt

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
        if not request.redirect_uri or not grant.is_good() or not _is_without_downgrade(code, request):
            return False
        if not super().validate_code(client_id, code, client, request, *args, **kwargs):
            return False
        request.grant = grant
        return True

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Record that the code was used."""
        Grant.objects.filter(pk=request.grant.pk).update(used_at=timezone.now())
        super().invalidate_authorization_code(client_id, code, request, *args, **kwargs)

    def _create_refresh_token(self, request: Any, code: str, access_token: Any, previous: Any) -> Any:
        made = super()._create_refresh_token(request, code, access_token, previous)
        if request.grant.family is None:
            request.grant.family = made.token_family
            request.grant.save(update_fields=["family"])
        return made

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Return whether the token is this service's and unused, or used a moment ago, and its grant is still good.

        SECURITY: the token's row is locked, so if a token is used twice at once, the later request sees the first use.
        After the grace period, a second use revokes all tokens of the grant.
        """
        digest = sha256(refresh_token.encode()).hexdigest()
        rows = list(RefreshToken.objects.select_for_update().filter(token_checksum=digest, application=client))
        used = next((row for row in rows if _is_used_just_now(row)), None)
        if used is not None:
            request.user, request.refresh_token, request.refresh_token_instance = used.user, refresh_token, used
        elif not super().validate_refresh_token(refresh_token, client, request, *args, **kwargs):
            return False
        family = request.refresh_token_instance.token_family
        request.grant = _good(Grant.objects.filter(family=family))
        return request.grant is not None

    def _save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        """Save the tokens. A second use of a refresh token in the grace period adds only an access token."""
        used = getattr(request, "refresh_token_instance", None)
        if used is None or used.revoked is None:
            super()._save_bearer_token(token, request, *args, **kwargs)
            return
        self._create_access_token(timezone.now() + settings.SSO_TOKEN_LIFE, request, token)

    def validate_bearer_token(self, token: str, scopes: Any, request: Any) -> bool:
        """Return whether the access token is valid at the userinfo endpoint, and its grant is still good."""
        if not super().validate_bearer_token(token, scopes, request):
            return False
        claims = claims_of_token(token)
        request.grant = grant_of(claims)
        return request.grant is not None and request.grant.is_good() and USERINFO in claims["aud"]

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Revoke a token of this service, and with it every token of its grant (RFC 7009, section 2.1)."""
        digest = sha256(token.encode()).hexdigest()
        if AccessToken.objects.filter(token_checksum=digest, application=request.client).exists():
            grant = grant_of(claims_of_token(token))
        else:
            mine = RefreshToken.objects.filter(token_checksum=digest, application=request.client).first()
            grant = Grant.objects.filter(family=mine.token_family).first() if mine else None
        super().revoke_token(token, token_type_hint, request, *args, **kwargs)
        if grant is not None:
            revoke(grant)

    def get_oidc_claims(self, token: Any, token_handler: Any, request: Any) -> dict[str, Any]:
        """Return the claims for an ID token or for userinfo: those of the scopes, and those asked for one by one."""
        grant: Grant = request.grant
        single = grant.claims.get("id_token" if token_handler else "userinfo", ())
        found = claims_of(grant.account, grant.client)
        return {name: said for name, said in found.items() if SCOPES[name] in request.scopes or name in single}

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
            "amr": grant.amr,
            "sid": grant.session_id,
        }
        if grant.is_mfa:
            id_token["acr"] = MFA
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
    """End every token of a grant. The service still learns when the session ends."""
    Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=timezone.now())
    if grant.family is not None:
        RefreshToken.revoke_family(grant.family)


def _good(grants: Any) -> Grant | None:
    grant: Grant | None = grants.select_related("account", "client").first()
    return grant if grant is not None and grant.is_good() else None


def _is_used_just_now(token: RefreshToken) -> bool:
    """Return whether the token was used within the grace period, and its successor is not used yet.

    A revoked token has no successor.
    """
    if token.revoked is None or token.revoked <= timezone.now() - settings.SSO_REFRESH_GRACE:
        return False
    return AccessToken.objects.filter(source_refresh_token=token).exists()


def _is_without_downgrade(code: str, request: Any) -> bool:
    """Return False for a verifier of a request that had no challenge (RFC 9700, section 2.1.1)."""
    if not request.code_verifier:
        return True
    return AuthorizationCode.objects.filter(code=code).exclude(code_challenge="").exists()
