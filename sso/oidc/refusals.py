"""Why the token endpoint refuses, for the audit log. The protocol's own errors are too general."""

import base64
import json
import re
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauth2_provider.models import Grant as AuthorizationCode

from sso.models import Grant
from sso.oidc.authorization_request import client_of
from sso.oidc.client_credentials import named_client

_NOT_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")


def refusal_of_code(request: HttpRequest, grant: Grant | None) -> str:
    """Return why a request with a code is refused; empty if it is valid."""
    if grant is None:
        return "code_unknown"
    if grant.used_at is not None:
        return "code_used_twice"
    if not grant.is_good():
        return "session_over"
    issued = AuthorizationCode.objects.filter(code=request.POST["code"]).first()
    if issued is None or issued.expires <= timezone.now():
        return "code_expired"
    if request.POST.get("redirect_uri") != issued.redirect_uri:
        return "redirect_uri"
    verifier = request.POST.get("code_verifier", "")
    if not verifier and not issued.code_challenge:
        return ""  # a service that works without PKCE
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return "" if constant_time_compare(challenge, issued.code_challenge) else "pkce"


def refusal_reason(response: HttpResponse, why: str) -> str:
    """Return the reason of a response without tokens. `why` is the result of `refusal_of_code`."""
    try:
        error = str(json.loads(response.content).get("error", "unknown"))
    except ValueError:
        error = "unknown"
    return error[:32] if error == "invalid_client" or not why else why


def known_client(request: HttpRequest) -> str:
    """Return the client id that a request names; "-" if it is not registered."""
    name = named_client(request)
    client = client_of(name) if name else None
    return client.client_id if client else "-"


def is_garbled(request: HttpRequest) -> bool:
    """Return whether the request contains text that the library or the database cannot accept."""
    values = [value for given in (request.GET, request.POST) for _name, values in given.lists() for value in values]
    query = request.META.get("QUERY_STRING", "")
    return any("\x00" in value for value in (*values, named_client(request))) or bool(_NOT_HEX.search(query))
