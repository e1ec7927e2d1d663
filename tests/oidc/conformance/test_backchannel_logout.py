"""Each module of `oidcc-backchannel-rp-initiated-logout-certification-test-plan`."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from sso.oidc.backchannel_logout import EVENT
from sso.tests.oidc.service import back
from tests.fixtures import Walk
from tests.oidc.conformance.conftest import BACKCHANNEL, OUT, Suite


def test_oidcc_backchannel_logout_discovery_endpoint_verification(suite: Suite) -> None:
    said = suite.http.get("/oidc/.well-known/openid-configuration").json()
    assert (said["backchannel_logout_supported"], said["backchannel_logout_session_supported"]) == (True, True)


def test_oidcc_backchannel_rp_initiated_logout(person: Walk, suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    @contextmanager
    def stream(method: str, url: str, data: dict[str, str], **options: object) -> Iterator[httpx.Response]:
        assert (method, url) == ("POST", BACKCHANNEL)
        told.append(data["logout_token"])
        yield httpx.Response(200, request=httpx.Request(method, url))

    monkeypatch.setattr(httpx, "stream", stream)
    token = suite.tokens(person.browser)["id_token"]
    claims = suite.read(token)
    asked = {"id_token_hint": token, "post_logout_redirect_uri": OUT, "state": "s"}
    assert person.browser.get("/oidc/logout/", asked)["Location"] == f"{OUT}?state=s"
    logout = suite.read(told[0])
    assert (logout["sub"], logout["sid"], logout["events"]) == (claims["sub"], claims["sid"], {EVENT: {}})
    assert "nonce" not in logout
    assert back(person.browser.get(suite.address(prompt="none")))["error"] == "login_required"
