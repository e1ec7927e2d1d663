"""A stand-in for Microsoft Entra that is as strict as the real one. It sends requests and validates the responses.

It knows the portal from the portal's published documents, which it reads once and keeps for a day. The caller provides
the function that reads them, so the stand-in works with a test client and with a server.
"""

import base64
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

CACHED = 24 * 3600
PATIENCE = 300
ACR = ("possessionorinherence", "possession", "knowledgeorpossession", "knowledgeorpossessionorinherence")
AMR = ("face", "fido", "fpt", "hwk", "iris", "otp", "pop", "retina", "sc", "sms", "swk", "tel", "vbm", "bio")
CLAIMS = {
    "id_token": {
        "acr": {"essential": True, "values": ["possessionorinherence"]},
        "amr": {"essential": True, "values": list(AMR)},
    }
}

# Takes a URL and returns the body and the headers.
Fetch = Callable[[str], tuple[bytes, dict[str, str]]]


class AnswerRefused(Exception):
    """The response is not valid. The message gives the exact reason."""


class Key:
    """One of the tenant's keys."""

    def __init__(self, bits: int = 2048) -> None:
        self.kid = uuid.uuid4().hex
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    @property
    def jwk(self) -> dict[str, Any]:
        """The public part of the key, in the tenant's format."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {"kty": "RSA", "use": "sig", "kid": self.kid, "n": public["n"], "e": public["e"]}


@cache
def _first_key() -> Key:
    """Return the first key of every tenant. All tenants share it, because a new key takes a while."""
    return Key()


@dataclass(frozen=True)
class User:
    """A user of the tenant."""

    name: str
    oid: str = field(default_factory=lambda: str(uuid.uuid4()))
    sub: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass
class Sent:
    """A request that waits for its response."""

    fields: dict[str, str]
    user: User
    at: float
    acr: list[str]
    amr: list[str]


class Entra:
    """One tenant. `portal` is the discovery URL that its administrator entered."""

    def __init__(self, portal: str, redirect_uri: str, fetch: Fetch) -> None:
        self.portal = portal
        self.redirect_uri = redirect_uri
        self.tenant_id = str(uuid.uuid4())
        self.client_id = str(uuid.uuid4())
        self.app_id = str(uuid.uuid4())
        self.keys = [_first_key()]
        self.issuer = f"https://login.microsoftonline.com/{self.tenant_id}/v2.0"
        self._fetch = fetch
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._waiting: dict[str, Sent] = {}

    @property
    def jwks(self) -> dict[str, Any]:
        """The tenant's published keys."""
        return {"keys": [key.jwk for key in self.keys]}

    def hint(self, user: User, **changed: Any) -> str:
        """Return a hint that is expired on purpose. `None` leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.app_id,
            "tid": self.tenant_id,
            "oid": user.oid,
            "sub": user.sub,
            "preferred_username": user.name,
            "name": "Freja Lund",
            "iat": now,
            "nbf": now,
            "exp": now - 1,
            "uti": uuid.uuid4().hex,
            **changed,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(said, self.keys[-1].private, algorithm="RS256", headers={"kid": self.keys[-1].kid})

    def ask(self, user: User, hint: str = "", asks: Any = None, **changed: str) -> dict[str, str]:
        """Return the fields of a request, and expect a response to it."""
        asked: Any = CLAIMS if asks is None else asks
        fields = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "nonce": uuid.uuid4().hex,
            "state": uuid.uuid4().hex,
            "id_token_hint": hint or self.hint(user),
            "claims": json.dumps(asked),
            "client-request-id": str(uuid.uuid4()),
            **changed,
        }
        wanted = asked.get("id_token", {})
        acr, amr = (wanted.get(name, {}).get("values", []) for name in ("acr", "amr"))
        self._waiting[fields["state"]] = Sent(fields, user, time.time(), acr, amr)
        return fields

    def judge(self, answer: dict[str, str]) -> User:
        """Return the user that a response signs in. Raise `AnswerRefused` if the response is not valid."""
        sent = self._waiting.pop(answer.get("state", ""), None)
        if sent is None:
            raise AnswerRefused("state: unknown, or answered before")
        if time.time() - sent.at > PATIENCE:
            raise AnswerRefused("the answer came too late")
        if "error" in answer:
            raise AnswerRefused(f"error: {answer['error']}")
        self._judge_token(answer.get("id_token", ""), sent)
        return sent.user

    def discovery(self) -> dict[str, Any]:
        """Return the portal's discovery document. Check it as Entra does when an administrator enters its URL."""
        document: dict[str, Any] = json.loads(self._read(self.portal))
        assert document["issuer"] == self.portal.removesuffix("/.well-known/openid-configuration")
        assert document["response_types_supported"] == ["id_token"]
        assert document["response_modes_supported"] == ["form_post"]
        assert document["subject_types_supported"] == ["public"]
        assert document["claim_types_supported"] == ["normal"]
        assert document["scopes_supported"] == ["openid"]
        assert document["id_token_signing_alg_values_supported"] == ["RS256"]
        assert "?" not in document["jwks_uri"]
        return document

    def forget(self) -> None:
        """Forget the portal's documents, so that the next use reads them again."""
        self._kept.clear()

    def _judge_token(self, token: str, sent: Sent) -> None:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise AnswerRefused("id_token: no token") from None
        key = self._certified(header.get("kid", ""))
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self.client_id,
                issuer=self.discovery()["issuer"],
                options={"require": ["iss", "aud", "exp", "iat", "sub", "acr", "amr"], "strict_aud": True},
            )
        except jwt.PyJWTError as error:
            raise AnswerRefused(f"id_token: {error}") from None
        self._judge_claims(claims, sent)

    def _judge_claims(self, claims: dict[str, Any], sent: Sent) -> None:
        if claims["exp"] - claims["iat"] > PATIENCE:
            raise AnswerRefused("exp: too far away")
        if claims["sub"] != sent.user.sub:
            raise AnswerRefused("sub: somebody else")
        if claims.get("nonce", "") != sent.fields["nonce"]:
            raise AnswerRefused("nonce: another request's")
        if not isinstance(claims["acr"], str) or claims["acr"] not in sent.acr or claims["acr"] not in ACR:
            raise AnswerRefused("acr: not exactly one of those asked")
        if not isinstance(claims["amr"], list) or len(claims["amr"]) != 1 or claims["amr"][0] not in sent.amr:
            raise AnswerRefused("amr: not a list of exactly one of those asked")

    def _certified(self, kid: str) -> Any:
        """Return the public key in the certificate of the published key with this id."""
        published = json.loads(self._read(self.discovery()["jwks_uri"]))["keys"]
        for key in published:
            assert (key["use"], key["alg"], key["kty"]) == ("sig", "RS256", "RSA")
            certificate = x509.load_der_x509_certificate(base64.b64decode(key["x5c"][0]))
            if key["kid"] == kid:
                assert certificate.public_key() == jwt.PyJWK(key).key
                return certificate.public_key()
        raise AnswerRefused("kid: unknown")

    def _read(self, url: str) -> bytes:
        at, body = self._kept.get(url, (0.0, b""))
        if time.time() - at > CACHED:
            body, headers = self._fetch(url)
            assert int(headers["Content-Length"]) == len(body)
            self._kept[url] = time.time(), body
        return body
