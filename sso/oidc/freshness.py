"""How fresh a proof a service asks for, and which proof the session has given since it was asked."""

import time
from datetime import UTC, datetime
from hashlib import sha256

from django.http import HttpRequest

from sign_in import step_up
from sso.models import Grant
from sso.oidc.authorization_request import AuthorizationRequest

_ASKED = "services_asked"
_KEPT = 5  # more tabs than that wait for no proof at once


def is_fresh(request: HttpRequest, auth_request: AuthorizationRequest) -> bool:
    """Whether what the session has proven last is young enough, or was proven because this very request asked.

    SECURITY: a request that asked long ago is not answered by what was proven for something else since.
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
    """Remember that this request asks for a proof now."""
    waiting = dict(request.session.get(_ASKED, {}))
    waiting.setdefault(_name(request), time.time())
    newest = sorted(waiting.items(), key=lambda item: item[1])[-_KEPT:]
    request.session[_ASKED] = dict(newest)


def has_proven(request: HttpRequest) -> None:
    """Forget that this request has asked: the next one like it asks again."""
    waiting = dict(request.session.get(_ASKED, {}))
    if waiting.pop(_name(request), None) is not None:
        request.session[_ASKED] = waiting


def of_session(request: HttpRequest) -> tuple[datetime, list[str]]:
    """Return when the session proved its last second factor, and by what it is signed in (RFC 8176)."""
    proof = step_up.last_factor(request.session)
    if proof is None:
        raise LookupError("Whoever is signed in has proven a second factor.")
    return datetime.fromtimestamp(proof.at, UTC), ["pwd", *([proof.amr] if proof.amr else []), "mfa"]


def has_consented(request: HttpRequest, auth_request: AuthorizationRequest, session_id: str) -> bool:
    """Whether the person has told the service as much in this session."""
    grants = Grant.objects.filter(client=auth_request.client, session_id=session_id).values_list("scope", flat=True)
    return any(set(auth_request.scopes) <= set(scope.split()) for scope in grants)


def _name(request: HttpRequest) -> str:
    return sha256(request.get_full_path().encode()).hexdigest()[:32]
