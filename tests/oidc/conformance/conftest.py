"""The client of the certification plans: it has a secret, sends a nonce, and does no PKCE."""

from typing import Any

import pytest

from mfa_sms.models import SmsDevice
from sign_in import journeys
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import Service, back, go_on, register
from tests.fixtures import Walk

OUT = "https://mail.example.dk/out"
BACKCHANNEL = "https://mail.example.dk/oidc/logout"


class Suite(Service):
    """Sends the requests of the suite, which have no PKCE."""

    def address(self, **changed: str | None) -> str:
        without = {"code_challenge": None, "code_challenge_method": None}
        return super().address(**{"scope": "openid", **without, **changed})

    def change(self, code: str, **changed: str | None) -> Any:
        return super().change(code, **{"code_verifier": None, **changed})


@pytest.fixture
def suite(db: None) -> Suite:
    keys.rotate(SigningKey.Use.OIDC)
    made = register("Suite", pkce_exempt=True, post_logout_redirect_uris=OUT, backchannel_logout_uri=BACKCHANNEL).client
    return Suite(made)


@pytest.fixture
def person(walk: Walk, phone: SmsDevice) -> Walk:
    """A student who is signed in."""
    return walk.signed_in(phone)


def proven_again(walk: Walk, phone: SmsDevice, address: str) -> dict[str, str]:
    """Open an address that asks for another proof, give it, and return what comes back to the service."""
    assert journeys.split(walk.get(address).request["PATH_INFO"])[1] == "/sign-in/verify/"
    walk.send(phone)
    response = walk.browser.post(f"{walk.journey}/sign-in/verify/code/", {"code": walk.outbox.codes[-1]})
    return back(go_on(walk.browser, response))
