"""The authorization request of a service, read and validated before any redirect."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict

from sso.models import Client
from sso.oidc.claims import RequestedClaims, read_claims

MFA = "https://refeds.org/profile/mfa"

# The scopes that we know. Others are ignored (OpenID Connect Core, section 3.1.2.1).
SCOPES = ("openid", "profile", "email")
MODES = ("query", "form_post")

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_NOT_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PROMPTS = {"none", "login", "consent", "select_account"}
_POSTED = {"answer", "language", "csrfmiddlewaretoken"}
_UNSERVED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
    "resource": "invalid_target",
}
# The longest values: the column in the library, or what services need. The server limits the whole URL to 8 kB.
_LONGEST = {"nonce": 255, "state": 4000, "login_hint": 150, "claims": 2000}


class AuthorizationRefused(Exception):
    """The request is refused.

    `reason` is for the audit log, `error` is the protocol's error code. `back` is the service's redirect URI, to which
    the error goes. It is empty until the URI is known to be registered; then a page of ours says why.
    """

    def __init__(
        self, reason: str, client: Client | None = None, error: str = "invalid_request", back: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason, self.client, self.error, self.back = reason, client, error, back


@dataclass(frozen=True)
class AuthorizationRequest:
    """A valid authorization request. `max_age` is in seconds."""

    client: Client
    redirect_uri: str
    state: str
    response_mode: str
    scopes: tuple[str, ...]
    nonce: str
    code_challenge: str
    prompt: frozenset[str]
    max_age: int | None
    login_hint: str
    id_token_hint: str
    claims: RequestedClaims = field(default_factory=RequestedClaims)

    @property
    def silent(self) -> bool:
        """Return whether the portal may show no page."""
        return "none" in self.prompt


def client_of(client_id: str) -> Client | None:
    """Return the service with that client id, enabled or not; None for an unknown id."""
    return None if "\x00" in client_id else Client.objects.filter(client_id=client_id).first()


def mode_of(given: Mapping[str, str]) -> str:
    """Return how the response goes to the service. An unknown mode gets its error by the default one."""
    mode = given.get("response_mode", "")
    return mode if mode in MODES else "query"


def read_request(request: HttpRequest) -> AuthorizationRequest:
    """Return the request. Raises `AuthorizationRefused`.

    SECURITY: no browser is redirected before the address is known as one of the service's. Parameters come from the URL
    alone, so none of them can come with the answer on a page of ours.
    """
    given = request.GET
    if not _POSTED.issuperset(request.POST) or _is_unclear(given, ("client_id", "redirect_uri")):
        raise AuthorizationRefused("malformed")
    client = client_of(given.get("client_id", ""))
    if client is None:
        raise AuthorizationRefused("unknown_client")
    redirect_uri = given.get("redirect_uri", "")
    if not client.redirect_uri_allowed(redirect_uri):
        raise AuthorizationRefused("redirect_uri", client)
    if not client.is_enabled:
        raise AuthorizationRefused("disabled", client, "unauthorized_client", redirect_uri)
    if _is_unclear(given, given) or _NOT_HEX.search(request.META.get("QUERY_STRING", "")):
        raise AuthorizationRefused("malformed", client, back=redirect_uri)
    _judge(given, client, redirect_uri)
    claims = read_claims(given.get("claims", ""))
    if claims is None:
        raise AuthorizationRefused("claims", client, back=redirect_uri)
    return AuthorizationRequest(
        client,
        redirect_uri,
        given.get("state", ""),
        mode_of(given),
        tuple(scope for scope in SCOPES if scope in given["scope"].split()),
        given.get("nonce", ""),
        given.get("code_challenge", ""),
        frozenset(given.get("prompt", "").split()),
        int(given["max_age"]) if given.get("max_age") else None,
        given.get("login_hint", ""),
        given.get("id_token_hint", ""),
        claims,
    )


def _is_unclear(given: QueryDict, names: Any) -> bool:
    """Return whether one of these parameters comes twice, or contains a zero byte."""
    return any(len(values) > 1 or "\x00" in "".join(values) for values in map(given.getlist, names))


def _judge(given: QueryDict, client: Client, redirect_uri: str) -> None:
    """Raise `AuthorizationRefused` for a parameter that is missing or not supported."""
    if given.get("response_type") != "code":
        error = "unsupported_response_type" if given.get("response_type") else "invalid_request"
        raise AuthorizationRefused("response_type", client, error, redirect_uri)
    if given.get("response_mode", "query") not in MODES:
        raise AuthorizationRefused("response_mode", client, back=redirect_uri)
    for name, error in _UNSERVED.items():
        if name in given:
            raise AuthorizationRefused(name, client, error, redirect_uri)
    if "openid" not in given.get("scope", "").split():
        raise AuthorizationRefused("scope", client, "invalid_scope", redirect_uri)
    prompt = set(given.get("prompt", "").split())
    if not prompt <= _PROMPTS or ("none" in prompt and len(prompt) > 1):
        raise AuthorizationRefused("prompt", client, back=redirect_uri)
    if not re.fullmatch(r"\d{0,9}", given.get("max_age", ""), re.ASCII):
        raise AuthorizationRefused("max_age", client, back=redirect_uri)
    for name, longest in _LONGEST.items():
        if len(given.get(name, "")) > longest:
            raise AuthorizationRefused(f"long_{name}", client, back=redirect_uri)
    _judge_proof_of_origin(given, client, redirect_uri)


def _judge_proof_of_origin(given: QueryDict, client: Client, redirect_uri: str) -> None:
    """Require PKCE with S256, or a nonce from a service that works without PKCE.

    SECURITY: without either, a stolen code could be put into another person's sign-in at the service (RFC 9700, section
    2.1.1).
    """
    if client.pkce_exempt and not {"code_challenge", "code_challenge_method"} & set(given):
        if not given.get("nonce"):
            raise AuthorizationRefused("nonce", client, back=redirect_uri)
        return
    challenge = given.get("code_challenge", "")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise AuthorizationRefused("pkce", client, back=redirect_uri)
