"""The requests that Entra posts: their parameters, and the validation of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings

from sso.entra.hints import Hint
from sso.entra.refusals import RequestRefused, Why

# The `acr` values that a possession factor satisfies, in order of preference.
POSSESSION = ("possessionorinherence", "possession", "knowledgeorpossession", "knowledgeorpossessionorinherence")
AMR = ("sms", "otp")

# Microsoft's reference writes these in more than one way, so the case of letters does not matter.
_FIXED = {"response_type": "id_token", "response_mode": "form_post"}
# Several times what Microsoft sends. A form has at most 64 kB.
_LONGEST = {"nonce": 1000, "state": 16_000, "claims": 16_000}
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True)
class EntraRequest:
    """A valid request. `nonce` and `state` are empty if Entra sent none; the response then has none.

    `acr` is our first choice of the requested values that possession satisfies; empty without such a value. `amr`
    contains the requested values that we support. `hint_digest` is that of the request's hint.
    """

    redirect_uri: str
    nonce: str
    state: str
    acr: str
    amr: tuple[str, ...]
    hint_digest: str

    @property
    def digest(self) -> str:
        """Return a digest that is the same for the same nonce and state; without a nonce, for the same hint."""
        once = [self.nonce, self.state] if self.nonce else ["", self.state, self.hint_digest]
        return sha256(json.dumps(once).encode()).hexdigest()


def request_id(fields: Mapping[str, str]) -> str:
    """Return Entra's id of the request, for logs and calls to the helpdesk; empty if it is malformed."""
    given = fields.get("client-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else ""


def judge_request(fields: Mapping[str, str], hint: Hint) -> EntraRequest:
    """Return the request, once it is known to be valid for the hint's tenant. Raises `RequestRefused`."""
    who = str(hint.tenant.tenant_id)
    if fields.get("client_id") != hint.tenant.client_id:
        raise RequestRefused(Why.CLIENT_ID, who)
    # SECURITY: compare exactly, before any response goes there.
    if fields.get("redirect_uri") not in settings.ENTRA_REDIRECT_URIS:
        raise RequestRefused(Why.REDIRECT_URI, who)
    for name, value in _FIXED.items():
        if fields.get(name, "").lower() != value:
            raise RequestRefused(Why.PARAMETERS, f"{who} {name}")
    if "openid" not in fields.get("scope", "").split():
        raise RequestRefused(Why.PARAMETERS, f"{who} scope")
    for name, longest in _LONGEST.items():
        value = fields.get(name, "")
        if len(value) > longest or "\x00" in value:
            raise RequestRefused(Why.PARAMETERS, f"{who} {name}")
    acr, amr = _claims(fields.get("claims", ""), who)
    nonce, state = fields.get("nonce", ""), fields.get("state", "")
    return EntraRequest(fields["redirect_uri"], nonce, state, acr, amr, hint.digest)


def _claims(text: str, who: str) -> tuple[str, tuple[str, ...]]:
    try:
        asked = json.loads(text or "{}").get("id_token") or {}
        acr, amr = _values(asked.get("acr")), _values(asked.get("amr"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RequestRefused(Why.PARAMETERS, f"{who} claims") from None
    chosen = next((value for value in POSSESSION if value in acr), "")
    return chosen, tuple(value for value in AMR if value in amr or not asked.get("amr"))


def _values(claim: Any) -> list[str]:
    """Return the requested values of a claim (OpenID Connect Core, section 5.5.1)."""
    if claim is None:
        return []
    values = claim.get("values", [claim["value"]] if "value" in claim else [])
    if not isinstance(values, list):
        raise TypeError
    return [value for value in values if isinstance(value, str)]
