"""Freshness of the second factor (`auth_time`, `max_age`), as services request it."""

import time
from datetime import UTC, datetime
from hashlib import sha256

from django.http import HttpRequest

from sign_in import step_up
from sso.models import Grant
from sso.oidc.authorization_request import AuthorizationRequest

_ASKED = "services_asked"
_KEPT = 5  # requests that can wait for a proof at once, in several tabs


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
    ages = [age for age in (auth_request.max_age, auth_request.client.max_sign_in_age) if age is not None]
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


def of_session(request: HttpRequest) -> tuple[datetime, list[str]]:
    """Return when the session verified its last second factor, and its `amr` values (RFC 8176).

    Raises `LookupError` if the session has verified no second factor.
    """
    proof = step_up.last_factor(request.session)
    if proof is None:
        raise LookupError("Whoever is signed in has proven a second factor.")
    return datetime.fromtimestamp(proof.at, UTC), ["pwd", *([proof.amr] if proof.amr else []), "mfa"]


def has_consented(request: HttpRequest, auth_request: AuthorizationRequest, session_id: str) -> bool:
    """Return whether a grant of this session already gives the service these scopes."""
    grants = Grant.objects.filter(client=auth_request.client, session_id=session_id).values_list("scope", flat=True)
    return any(set(auth_request.scopes) <= set(scope.split()) for scope in grants)


def _name(request: HttpRequest) -> str:
    return sha256(request.get_full_path().encode()).hexdigest()[:32]
