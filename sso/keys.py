"""The keys that sign tokens: how they are made, rotated, published and used.

A key is published before it signs, so that clients that store the published keys know it by then. It stays published
until the tokens that it signed have expired. It verifies tokens that come back to us for as long as sessions live. The
database stores private parts encrypted.
"""

import base64
from datetime import datetime
from functools import lru_cache
from hashlib import sha1, sha256
from typing import Any, cast

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from common import encryption
from sso import events
from sso.models import SigningKey

ALGORITHM = "RS256"


class NoSigningKey(RuntimeError):
    """No key signs now. An operator must make one with `manage.py rotate_signing_key`."""


class RotationPending(RuntimeError):
    """The last key does not sign yet."""


def rotate(use: SigningKey.Use, *, at_once: bool = False) -> SigningKey:
    """Make the next key. It signs after `SSO_KEY_PUBLISHED_BEFORE`, or at once if it is the first.

    `at_once` is for a key that may have leaked. It withdraws every other key now, and so the tokens that those keys
    signed.

    Raises `RotationPending` if the last key does not sign yet, unless `at_once`.
    """
    now = timezone.now()
    with transaction.atomic():
        others = list(SigningKey.objects.select_for_update().filter(_verifying(now), use=use))
        if not at_once and any(key.signs_from > now for key in others):
            raise RotationPending
        is_first = not any(key.gone_at is None or key.gone_at > now for key in others)
        signs_from = now if at_once or is_first else now + settings.SSO_KEY_PUBLISHED_BEFORE
        gone = now if at_once else signs_from + settings.SSO_TOKEN_LIFE
        verified = now if at_once else signs_from + settings.SSO_GRANTS_KEPT
        for key in others:
            key.retired_at = min(key.retired_at or signs_from, signs_from)
            key.gone_at = min(key.gone_at or gone, gone)
            key.verifies_until = min(key.verifies_until or verified, verified)
            key.save(update_fields=["retired_at", "gone_at", "verifies_until"])
        made = _make(use, now, signs_from)
        replaced = " ".join(key.key_id for key in others) or "-"
        events.signing_key_created(made.key_id, f"{use} from={signs_from:%Y-%m-%dT%H:%MZ} replaces={replaced}")
    return made


def exists(use: SigningKey.Use) -> bool:
    """Return whether a published key exists."""
    return SigningKey.objects.filter(_published(timezone.now()), use=use).exists()


def ensure(use: SigningKey.Use) -> None:
    """Make the first key, unless a key is published."""
    if not exists(use):
        rotate(use)


def signing_key(use: SigningKey.Use) -> SigningKey:
    """Return the key that signs now. Raises `NoSigningKey`."""
    now = timezone.now()
    key = (
        SigningKey.objects.filter(_published(now), use=use, signs_from__lte=now).order_by("-signs_from", "-pk").first()
    )
    if key is None:
        raise NoSigningKey(use)
    return key


def can_sign(use: SigningKey.Use) -> bool:
    """Return whether a key signs now."""
    try:
        signing_key(use)
    except NoSigningKey:
        return False
    return True


def verifying_key(use: SigningKey.Use, key_id: str) -> SigningKey | None:
    """Return the key with that id if it may verify a token that comes back to us, published or not.

    Services bring an ID token back at logout, long after the token has expired (RP-Initiated Logout 1.0, section 2).
    """
    return SigningKey.objects.filter(_verifying(timezone.now()), use=use, key_id=key_id).first()


def published_keys(use: SigningKey.Use) -> list[SigningKey]:
    """Return the published keys, newest first."""
    return list(SigningKey.objects.filter(_published(timezone.now()), use=use).order_by("-pk"))


def jwks(use: SigningKey.Use) -> dict[str, Any]:
    """Return the published keys as a JSON Web Key Set (RFC 7517), each with its certificate."""
    return {"keys": [key.public for key in published_keys(use)]}


def sign(use: SigningKey.Use, claims: dict[str, Any], token_type: str = "JWT") -> str:  # noqa: S107
    """Return a signed token (RFC 7519) of that type (`typ`). Raises `NoSigningKey`."""
    key = signing_key(use)
    headers = {"kid": key.key_id, "x5t": key.public["x5t"], "typ": token_type}
    private = _loaded(bytes(key.private), tuple(settings.SSO_KEY_SECRETS))
    return jwt.encode(claims, private, algorithm=ALGORITHM, headers=headers)


def private_pem(key: SigningKey) -> bytes:
    """Return the decrypted private part, to sign with."""
    return encryption.decrypt(bytes(key.private), settings.SSO_KEY_SECRETS)


def reencrypt() -> int:
    """Encrypt every private part under the first of `SSO_KEY_SECRETS`. Return the number of changed rows."""
    secrets, changed = settings.SSO_KEY_SECRETS, 0
    with transaction.atomic():
        for key in SigningKey.objects.select_for_update():
            if not encryption.is_current(bytes(key.private), secrets):
                key.private = encryption.encrypt(encryption.decrypt(bytes(key.private), secrets), secrets)
                key.save(update_fields=["private"])
                changed += 1
    return changed


def _published(now: datetime) -> models.Q:
    return models.Q(gone_at=None) | models.Q(gone_at__gt=now)


def _verifying(now: datetime) -> models.Q:
    return models.Q(verifies_until=None) | models.Q(verifies_until__gt=now)


def _make(use: SigningKey.Use, now: datetime, signs_from: datetime) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=settings.SSO_KEY_BITS)
    certificate = _certificate(private, use, now)
    public = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    key_id = _url64(sha256(certificate).digest())[:32]
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey.objects.create(
        key_id=key_id,
        use=use,
        private=encryption.encrypt(pem, settings.SSO_KEY_SECRETS),
        public={
            "kty": "RSA",
            "use": "sig",
            "alg": ALGORITHM,
            "kid": key_id,
            # The name that Entra uses for a certificate. No security depends on this hash.
            "x5t": _url64(sha1(certificate, usedforsecurity=False).digest()),
            "n": public["n"],
            "e": public["e"],
            "x5c": [base64.b64encode(certificate).decode()],
        },
        created_at=now,
        signs_from=signs_from,
    )


def _certificate(private: rsa.RSAPrivateKey, use: SigningKey.Use, now: datetime) -> bytes:
    """Return a self-signed certificate of the key, as DER."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{settings.PORTAL_HOST} {use}"[:64])])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + settings.SSO_CERTIFICATE_LIFE)
        .sign(private, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.DER)


@lru_cache(maxsize=8)
def _loaded(encrypted: bytes, secrets: tuple[str, ...]) -> rsa.RSAPrivateKey:
    """Return the key ready to sign. Cached, since loading and checking takes a hundred times as long as signing."""
    key = serialization.load_pem_private_key(encryption.decrypt(encrypted, secrets), password=None)
    return cast(rsa.RSAPrivateKey, key)


def _url64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
