"""A service for the tests of the provider: its requests, and its use of the responses."""

import base64
import html
import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from django.test import Client as HttpClient

from audit.models import RefusalCount, SecurityEvent
from sso import keys
from sso.models import Client, SigningKey

SECRET = "a-secret-of-this-test-and-of-no-service"
REDIRECT_URI = "https://mail.example.dk/oidc/back"
VERIFIER = "v" * 64
TOKEN = "/oidc/token/"

_REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Service:
    """One registered service with its own HTTP client."""

    client: Client
    http: HttpClient = field(default_factory=HttpClient)

    def address(self, **changed: str | None) -> str:
        """Return the URL that it redirects a browser to. None leaves a parameter out."""
        asked: dict[str, str | None] = {
            "client_id": self.client.client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "scope": "openid profile email",
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
            **changed,
        }
        return f"/oidc/authorize/?{urlencode({name: value for name, value in asked.items() if value is not None})}"

    def code(self, browser: HttpClient, **changed: str | None) -> str:
        """Send a signed-in browser to the provider, and return the code that it brings back."""
        return back(browser.get(self.address(**changed)))["code"]

    def change(self, code: str, **changed: str | None) -> Any:
        """Exchange a code for tokens."""
        said: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
            **changed,
        }
        return self.post(**said)

    def refresh(self, token: str) -> Any:
        """Exchange a refresh token for new tokens."""
        return self.post(grant_type="refresh_token", refresh_token=token)

    def post(self, **said: str | None) -> Any:
        """Post to the token endpoint as this service."""
        credentials = {"client_id": self.client.client_id, "client_secret": SECRET}
        fields = {name: value for name, value in {**credentials, **said}.items() if value is not None}
        return self.http.post(TOKEN, fields)

    def tokens(self, browser: HttpClient, **changed: str | None) -> dict[str, Any]:
        """Get a code for the browser and exchange it for tokens."""
        response = self.change(self.code(browser, **changed))
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        return answer

    def claims(self, browser: HttpClient, **changed: str | None) -> dict[str, Any]:
        """Get tokens for the browser and return the claims of the ID token."""
        return self.read(self.tokens(browser, **changed)["id_token"])

    def read(self, id_token: str) -> dict[str, Any]:
        """Verify an ID token with the published keys, as a service does, and return its claims."""
        published = {key["kid"]: key for key in keys.jwks(SigningKey.Use.OIDC)["keys"]}
        key = jwt.PyJWK(published[jwt.get_unverified_header(id_token)["kid"]])
        said: dict[str, Any] = jwt.decode(
            id_token, key, ["RS256"], audience=self.client.client_id, issuer="http://127.0.0.1:8000/oidc"
        )
        return said

    def userinfo(self, access_token: str) -> Any:
        return self.http.get("/oidc/userinfo/", headers={"Authorization": f"Bearer {access_token}"})


def register(name: str = "KUmail", **fields: Any) -> Service:
    fields = {"name_da": name, "name_en": f"{name} (English)", "redirect_uris": REDIRECT_URI, **fields}
    return Service(Client.objects.create(client_secret=SECRET, **fields))


def target(response: Any) -> str:
    """Return the URL to which a response sends the browser: a redirect, or a page that continues by itself."""
    if response.status_code in (302, 303):
        return str(response["Location"])
    found = _REFRESH.search(response.content.decode())
    assert found, response.content.decode()
    return html.unescape(found[1])


def go_on(browser: HttpClient, response: Any) -> Any:
    """Follow the responses to a form as a browser does. Return the first one that leaves the authorization endpoint."""
    while target(response).startswith(("/oidc/continue/", "/oidc/authorize/")):
        response = browser.get(target(response))
    return response


def back(response: Any) -> dict[str, str]:
    """Return the parameters that a browser brings back to the service."""
    address = target(response)
    assert address.startswith(f"{REDIRECT_URI}?"), address
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def reasons() -> list[str]:
    """Return the reasons of all refused requests: those without an account, then those of accounts."""
    counts = RefusalCount.objects.filter(kind="service_refused").order_by("pk")
    without = [row.reason for row in counts for _time in range(row.count)]
    events = SecurityEvent.objects.filter(kind="service_refused").order_by("pk")
    return [*without, *events.values_list("reason", flat=True)]


def acr(*values: str, essential: bool = True) -> str:
    """Return a `claims` parameter that requests one of these `acr` values."""
    return json.dumps({"id_token": {"acr": {"essential": essential, "values": list(values)}}})
