"""The keys with which a tenant signs its hints: read from its metadata, and stored in its row.

This is the only network call in a request: without the key, the request cannot continue. The call is limited in time
and size, and happens at most once in `ENTRA_KEYS_PAUSE`. If the tenant cannot be reached, the stored keys are used.
"""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from sso.models import Tenant

logger = logging.getLogger(__name__)

_LONGEST_ID = 200
_MIN_BITS = 2048


class KeysUnreachable(Exception):
    """The tenant's keys were never read, and cannot be read now."""


class CannotRead(Exception):
    """The metadata or the keys could not be read. `text` says why, as a msgid of ours; `detail` names the cause."""

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(f"{text} {detail}".strip())
        self.text = text
        self.detail = detail


@dataclass(frozen=True)
class Metadata:
    """The metadata that a tenant publishes: its issuer, and its keys as JSON Web Keys."""

    issuer: str
    keys: list[dict[str, Any]]


def key_of(tenant: Tenant, key_id: str) -> jwt.PyJWK | None:
    """Return the tenant's key with that id; None for an unknown id. Raises `KeysUnreachable`.

    Reads the keys again if the id is unknown or the stored keys are old.
    """
    found = _find(tenant, key_id)
    if (found is None or _is_stale(tenant)) and _may_try(tenant):
        try:
            read_metadata(tenant)
        except CannotRead as error:
            logger.warning("tenant %s: its keys could not be read: %s", tenant.pk, error)
        found = _find(tenant, key_id)
    if found is None and not tenant.keys:
        raise KeysUnreachable
    return found


def read_metadata(tenant: Tenant) -> Metadata:
    """Read the tenant's metadata and keys, and store them in its row.

    Raises `CannotRead`, and then keeps the stored values.
    """
    metadata = fetch(tenant)
    tenant.issuer, tenant.keys, tenant.fetched_at = metadata.issuer, {"keys": metadata.keys}, timezone.now()
    # SECURITY: store nothing if an administrator has changed the address since.
    asked = Tenant.objects.filter(pk=tenant.pk, metadata_url=tenant.metadata_url)
    asked.update(issuer=tenant.issuer, keys=tenant.keys, fetched_at=tenant.fetched_at)
    return metadata


def fetch(tenant: Tenant) -> Metadata:
    """Return the tenant's current metadata. Raises `CannotRead`."""
    until = time.monotonic() + settings.ENTRA_KEYS_SECONDS
    # SECURITY: do not follow redirects. Only the host in the row, and the host that it names, is contacted.
    with httpx.Client(follow_redirects=False, trust_env=False) as client:
        document = _get(client, tenant.metadata_url, until)
        issuer = str(document.get("issuer", "")).replace("{tenantid}", str(tenant.tenant_id))
        if str(tenant.tenant_id) not in issuer or len(issuer) > _LONGEST_ID:
            raise CannotRead(gettext_noop("The metadata belongs to another tenant."))
        published = _get(client, str(document.get("jwks_uri", "")), until).get("keys")
    keys = [key for key in published if _is_usable(key)] if isinstance(published, list) else []
    if not keys:
        raise CannotRead(gettext_noop("None of the keys it publishes can be used."))
    return Metadata(issuer, keys)


def _get(client: httpx.Client, url: str, until: float) -> dict[str, Any]:
    schemes = ("https://", "http://") if settings.DEBUG else ("https://",)
    if not url.startswith(schemes):
        raise CannotRead(gettext_noop("An address does not begin with https://."))
    body = b""
    try:
        with client.stream("GET", url, timeout=_left(until)) as answer:
            if answer.status_code != httpx.codes.OK:
                raise CannotRead(gettext_noop("It answered with an error."), str(answer.status_code))
            for chunk in answer.iter_bytes():
                body += chunk
                _left(until)
                if len(body) > settings.ENTRA_KEYS_BYTES:
                    raise CannotRead(gettext_noop("The answer is too long."))
        document = json.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CannotRead(gettext_noop("There was no answer."), type(error).__name__) from None
    except (ValueError, RecursionError):
        raise CannotRead(gettext_noop("The answer is not JSON.")) from None
    if not isinstance(document, dict):
        raise CannotRead(gettext_noop("The answer is not JSON."))
    return document


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise CannotRead(gettext_noop("There was no answer in time."))
    return left


def _is_usable(key: Any) -> bool:
    """Return whether the key is an RSA key for signatures that is long enough and has an id."""
    if not isinstance(key, dict) or key.get("kty") != "RSA" or key.get("use", "sig") != "sig":
        return False
    key_id = key.get("kid")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= _LONGEST_ID:
        return False
    try:
        return bool(_public(key).key.key_size >= _MIN_BITS)
    except (jwt.PyJWTError, ValueError, TypeError):
        return False


def _find(tenant: Tenant, key_id: str) -> jwt.PyJWK | None:
    return next((_public(key) for key in tenant.keys.get("keys", []) if key["kid"] == key_id), None)


def _public(key: dict[str, Any]) -> jwt.PyJWK:
    # SECURITY: use only the public part, and only for RS256, even if the tenant publishes others.
    return jwt.PyJWK({name: key[name] for name in ("kty", "n", "e") if name in key}, algorithm="RS256")


def _is_stale(tenant: Tenant) -> bool:
    return tenant.fetched_at is None or timezone.now() - tenant.fetched_at > settings.ENTRA_KEYS_FRESH


def _may_try(tenant: Tenant) -> bool:
    """Return whether the last try is older than the pause, and record a new try.

    If several requests call this at once, only one gets True.
    """
    now = timezone.now()
    rested = Q(tried_at=None) | Q(tried_at__lt=now - settings.ENTRA_KEYS_PAUSE)
    return Tenant.objects.filter(rested, pk=tenant.pk).update(tried_at=now) == 1
