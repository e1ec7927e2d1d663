"""Freshness of the second factor (`auth_time`, `max_age`), as services request it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest

from sessions import registry
from sign_in import step_up
from sso.oidc.authorization_request import AuthorizationRequest

_ASKED = "services_asked"
_KEPT = 5  # requests that can wait for a proof at once, in several tabs


@dataclass(frozen=True)
class Proof:
    """The last proof as services see it: its time, its `amr` values (RFC 8176), and whether it has an `acr`."""

    at: datetime
    amr: list[str]
    is_mfa: bool


def is_fresh(request: HttpRequest, auth_request: AuthorizationRequest) -> bool:
    """Return whether the session's last proof is recent enough, or was given after this request asked for it.

    SECURITY: a proof that was given after the request counts only while it is fresh for a step-up. Otherwise an old
    request would accept an old proof that was given for another purpose.
    """
    proof = step_up.last_factor(request.session)
    if proof is None:
        return False
    asked_at = request.session.get(_ASKED, {}).get(_name(request))
    if asked_at is not None and proof.at >= asked_at and step_up.is_fresh(proof.at):
        return True
    if "login" in auth_request.prompt:
        return False
    client = auth_request.client
    ages = [age for age in (auth_request.max_age, client.max_sign_in_age) if age is not None]
    if not client.accepts_remembered and registry.is_remembered(request):
        # The life of a session that is not remembered.
        ages.append(int(settings.SSO_GRANT_LIFE.total_seconds()))
    return all(time.time() - proof.at <= age for age in ages)


def demand_proof(request: HttpRequest) -> None:
    """Remember since when this request asks for a proof."""
    waiting = dict(request.session.get(_ASKED, {}))
    waiting.setdefault(_name(request), time.time())
    newest = sorted(waiting.items(), key=lambda item: item[1])[-_KEPT:]
    request.session[_ASKED] = dict(newest)


def has_proven(request: HttpRequest) -> None:
    """Forget that this request has asked, so that the next request like it asks again."""
    waiting = dict(request.session.get(_ASKED, {}))
    if waiting.pop(_name(request), None) is not None:
        request.session[_ASKED] = waiting


def of_session(request: HttpRequest) -> Proof:
    """Return the last proof of the session.

    `amr` lists only what was proven at that moment. After a step-up with the second factor alone, it has no password.
    An `acr` for several factors requires one in the person's possession. An access pass that an agent reads out does
    not count.

    Raises `LookupError` if the session has verified no second factor.
    """
    proof = step_up.last_factor(request.session)
    if proof is None:
        raise LookupError("Whoever is signed in has proven a second factor.")
    own = [proof.amr] if proof.amr else []
    several = ["mfa"] if proof.independent else []
    amr = ["pwd", *own, *several] if proof.with_password else own
    return Proof(datetime.fromtimestamp(proof.at, UTC), amr, proof.independent)


def _name(request: HttpRequest) -> str:
    return sha256(request.get_full_path().encode()).hexdigest()[:32]
