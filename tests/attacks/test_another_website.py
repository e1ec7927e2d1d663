"""Another website makes browsers send requests here: forms, images and links on its own pages.

The simulations are harsher than a browser, which sends no session cookie with a form or an image of another site: the
cookies of the signed-in owner are sent along.
"""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps

from accounts.models import Account
from audit.models import RefusalCount
from common.tests.test_safe_redirect import BAD
from mfa_sms.tests.helpers import Clock
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import Service, register
from tests.attacks.outcome import Outcome
from tests.attacks.people import Owner, rented
from tests.fixtures import Browser
from tests.helpers import every_path, is_signed_in, picture, with_cookies_of

EVIL = "https://evil.example"
# Addresses for machines and for the forms of other services. No cookie of ours opens anything there.
FOR_OTHERS = {
    "sso:token",
    "sso:revoke",
    "sso:introspect",
    "sso:userinfo",
    "sso:entra_authorize",
    "mfa_sms:receipts",
}
IMAGES = 40  # of each kind
KINDS = 5
NAMES_OF_ADDRESSES = ("next", "url", "redirect_uri", "post_logout_redirect_uri", "return_to")


@pytest.fixture
def service(db: None) -> Service:
    keys.rotate(SigningKey.Use.OIDC)
    return register()


@pytest.fixture
def signed_in(owner: Owner) -> Owner:
    """The owner, who stays signed in."""
    owner.walk.signed_in(owner.device)
    return owner


def forger(owner: Owner, *, origin: str = "") -> Browser:
    """Return the owner's browser on a page of the other website."""
    browser = with_cookies_of(owner.walk.browser)
    browser.handler.enforce_csrf_checks = True
    if origin:
        browser.defaults |= {"HTTP_ORIGIN": origin, "HTTP_REFERER": f"{origin}/page"}
    return browser


def rows() -> int:
    """Return the number of rows of all tables."""
    return sum(model._base_manager.count() for model in apps.get_models())


@pytest.mark.parametrize("origin", [EVIL, "null", ""], ids=["foreign origin", "no origin", "no header"])
def test_forms_of_another_website_change_nothing_and_the_owner_stays_signed_in(
    signed_in: Owner, outcome: Outcome, origin: str
) -> None:
    browser, answered, before = forger(signed_in, origin=origin), [], picture()
    for name, path in every_path().items():
        response = browser.post(path, {"language": "en", "code": "123456", "next": EVIL})
        if response.status_code not in (403, 404, 405) and name not in FOR_OTHERS:
            answered.append(f"{response.status_code} {name}")
        if "language" in response.cookies:
            answered.append(f"language cookie {name}")
    after = picture()
    changed = [label for label in before if before[label] != after[label] and label != RefusalCount._meta.label]
    outcome.at_least("pages tried", len(every_path()), 100)
    outcome.nothing("pages that answered", answered)
    outcome.nothing("tables that changed", changed)
    outcome.exactly(
        "language of the account changed", int(Account.objects.get(pk=signed_in.device.user_id).language == "en"), 0
    )
    outcome.exactly("sessions of the owner that go on", int(is_signed_in(signed_in.walk.browser)), 1)
    signed_in.signs_in()
    outcome.owner_signs_in(signed_in)


def images(service: Service, first: int) -> Iterator[tuple[str, str]]:
    """Return the verb and the address of requests that differ each time."""
    for number in range(first, first + IMAGES):
        yield "get", f"/oidc/authorize/?{urlencode({'client_id': f'x{number}', 'state': number})}"
        yield "get", service.address(state=str(number), code_challenge="short")
        yield "get", service.address(state=str(number))
        yield "get", f"/entra/authorize/?id_token_hint=x{number}"
        yield "post", f"/entra/authorize/?id_token_hint=x{number}"


def test_k6_images_on_another_website_add_a_bounded_number_of_rows(
    clock: Clock, owner: Owner, service: Service, outcome: Outcome
) -> None:
    added = []
    for wave in range(2):
        before = rows()
        for verb, address in images(service, IMAGES * wave):
            getattr(Browser(REMOTE_ADDR=rented(0)), verb)(address)
        added.append(rows() - before)
    outcome.at_least("rows of the first requests", added[0], 1)
    # A row for each minute and kind at the most, however many requests there are.
    outcome.at_most("rows of the first requests", added[0], KINDS)
    outcome.exactly("rows of as many requests again in the minute", added[1], 0)
    owner.signs_in()
    outcome.owner_signs_in(owner)


def test_no_address_of_another_website_is_redirected_to(signed_in: Owner, service: Service, outcome: Outcome) -> None:
    left, tried = [], 0
    for target in (EVIL, "//evil.example", "/\\evil.example"):
        assert target in BAD or target == EVIL
        query = urlencode(dict.fromkeys(NAMES_OF_ADDRESSES, target))
        for name, path in every_path().items():
            if name.startswith(("admin:", "/admin/")) or name == "sign_in:sign_out":
                continue
            for browser in (Browser(), signed_in.walk.browser):
                tried += 1
                location = browser.get(f"{path}?{query}").headers.get("Location", "")
                if "evil.example" in (urlsplit(location.strip().replace("\\", "/")).hostname or ""):
                    left.append(f"{name} {location}")
    outcome.at_least("addresses tried", tried, 100)
    outcome.nothing("redirects to another website", left)
    outcome.exactly("sessions of the owner that go on", int(is_signed_in(signed_in.walk.browser)), 1)
    signed_in.signs_in()
    outcome.owner_signs_in(signed_in)
