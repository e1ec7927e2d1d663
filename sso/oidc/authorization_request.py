"""The authorization request of a service, read and validated before any redirect."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from sso.models import Client

MFA = "https://refeds.org/profile/mfa"

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PROMPTS = {"none", "login", "consent", "select_account"}
_POSTED = {"answer", "language", "csrfmiddlewaretoken"}
_UNSERVED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "resource": "invalid_target",
}
# The longest values: the column in the library, or what services need. The server limits the whole URL to 8 kB.
_LONGEST = {"nonce": 255, "state": 4000, "login_hint": 150}


class AuthorizationRefused(Exception):
    """The request is refused with a page of ours.

    `reason` is for the audit log, `error` is the protocol's error code. `back` is the service's redirect URI, to which
    the error may go instead. It is empty until the URI is known to be registered.
    """

    def __init__(
        self, reason: str, client: Client | None = None, error: str = "invalid_request", back: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason, self.client, self.error, self.back = reason, client, error, back


@dataclass(frozen=True)
class AuthorizationRequest:
    """A valid authorization request. `max_age` is in seconds.

    `essential_acr` contains the `acr` values that the service requires; empty if it requires none.
    """

    client: Client
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    prompt: frozenset[str]
    max_age: int | None
    login_hint: str
    id_token_hint: str
    essential_acr: tuple[str, ...]

    @property
    def silent(self) -> bool:
        """Return whether the portal may show no page."""
        return "none" in self.prompt


def client_of(client_id: str) -> Client | None:
    """Return the service with that client id, enabled or not; None for an unknown id."""
    return None if "\x00" in client_id else Client.objects.filter(client_id=client_id).first()


def read_request(request: HttpRequest) -> AuthorizationRequest:
    """Return the request. Raises `AuthorizationRefused`.

    SECURITY: no browser is redirected before the address is known as one of the service's, compared exactly. The
    library prefers POST parameters to those in the URL. So a POST may contain no parameter of a request.
    """
    given = request.GET
    if not _POSTED.issuperset(request.POST) or any(
        len(values) > 1 or "\x00" in values[0] for _name, values in given.lists()
    ):
        raise AuthorizationRefused("malformed")
    client = client_of(given.get("client_id", ""))
    if client is None:
        raise AuthorizationRefused("unknown_client")
    redirect_uri = given.get("redirect_uri", "")
    if not client.redirect_uri_allowed(redirect_uri):
        raise AuthorizationRefused("redirect_uri", client)
    if not client.is_enabled:
        raise AuthorizationRefused("disabled", client, "unauthorized_client", redirect_uri)
    _judge(given, client, redirect_uri)
    prompt = frozenset(given.get("prompt", "").split())
    max_age = given.get("max_age", "")
    if not prompt <= _PROMPTS or ("none" in prompt and len(prompt) > 1) or not re.fullmatch(r"\d{0,9}", max_age):
        raise AuthorizationRefused("malformed", client, back=redirect_uri)
    return AuthorizationRequest(
        client,
        redirect_uri,
        given.get("state", ""),
        tuple(dict.fromkeys(given["scope"].split())),
        prompt,
        int(max_age) if max_age else None,
        given.get("login_hint", ""),
        given.get("id_token_hint", ""),
        _essential_acr(given.get("claims", ""), client, redirect_uri),
    )


def _judge(given: Any, client: Client, redirect_uri: str) -> None:
    """Raise `AuthorizationRefused` for a parameter that is missing or not supported."""
    if given.get("response_type") != "code":
        raise AuthorizationRefused("response_type", client, "unsupported_response_type", redirect_uri)
    challenge = given.get("code_challenge", "")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise AuthorizationRefused("pkce", client, back=redirect_uri)
    if "openid" not in given.get("scope", "").split():
        raise AuthorizationRefused("scope", client, "invalid_scope", redirect_uri)
    for name, error in _UNSERVED.items():
        if name in given:
            raise AuthorizationRefused(name, client, error, redirect_uri)
    if given.get("response_mode", "query") != "query":
        raise AuthorizationRefused("response_mode", client, back=redirect_uri)
    if any(len(given.get(name, "")) > longest for name, longest in _LONGEST.items()):
        raise AuthorizationRefused("malformed", client, back=redirect_uri)


def _essential_acr(claims: str, client: Client, redirect_uri: str) -> tuple[str, ...]:
    """Return the `acr` values that the service requires; empty if it requires none.

    Raises `AuthorizationRefused` if `claims` cannot be read.
    """
    if not claims:
        return ()
    try:
        acr = (json.loads(claims).get("id_token") or {}).get("acr") or {}
        if not acr.get("essential"):
            return ()
        values = acr.get("values") or ([acr["value"]] if "value" in acr else [MFA])
        return tuple(str(value) for value in values)
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise AuthorizationRefused("malformed", client, back=redirect_uri) from None
