"""An independent relying party: Apache's mod_auth_openidc sends requests as Entra does, and validates the answer."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.apache import INSTALLED, MISSING, Apache, Host
from tests.browser.guide import Guide
from tests.browser.people import People, Phone
from tests.browser.words import DANISH
from tests.entra.live import Live, LiveProcess
from tests.entra.standin import CLAIMS, User

pytestmark = pytest.mark.skipif(not INSTALLED, reason=MISSING)

_DIRECTIVES = """
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCResponseType id_token
OIDCResponseMode form_post
OIDCProviderAuthRequestMethod POST
OIDCScope openid
OIDCCookieSameSite Off
OIDCAuthRequestParams id_token_hint={hint}&claims={claims}
"""


@pytest.fixture(scope="module")
def apache() -> Iterator[Apache]:
    """Yield Apache, not started yet. Its only request contains a hint that is valid for five minutes."""
    apache = Apache()
    yield apache
    apache.stop()


@pytest.fixture(scope="module")
def service() -> Host:
    """Return the virtual host of Apache."""
    return Host()


@pytest.fixture(scope="module")
def live(chromium_path: str, service: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Yield the portal, with Apache as the tenant."""
    process = LiveProcess(tmp_path_factory.mktemp("apache"), f"{service.url}/back")
    yield process.start()
    assert process.stop() == 0


def test_apache_believes_the_answer(chromium: Browser, live: Live, apache: Apache, service: Host) -> None:
    person = People(live.env).enrolled()
    user, entra = User(person.account_name), live.server.entra
    issuer = entra.portal.removesuffix("/.well-known/openid-configuration")
    directives = _DIRECTIVES.format(
        issuer=issuer, client_id=entra.client_id, hint=entra.hint(user), claims=quote(json.dumps(CLAIMS))
    )
    apache.start({service: directives})
    page = chromium.new_context(base_url=live.portal.url, locale="da-DK").new_page()
    steps = Guide(page, DANISH, person, Phone(live.portal.var, person.e164))
    page.goto(service.url)
    steps.choose()
    steps.sign_in_code()
    expect(page.get_by_role("heading", level=1)).to_have_text("Service")
    for claim, value in {"sub": user.sub, "acr": "possessionorinherence", "amr": "sms", "iss": issuer}.items():
        expect(page.locator(f"#{claim}")).to_have_text(value)
    page.context.close()
