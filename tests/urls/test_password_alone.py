"""A password alone leads to the second factor, and no further, at every URL, the admin's too. (ASVS 6.3.3, 6.3.4)"""

from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Account
from tests.fixtures import Browser
from tests.helpers import mask, session_carries_an_account
from tests.urls.visitors import ACCOUNTS, Scene, undone, visit

# The pages of the sign-in and of the enrollment. There a password leads on, to the second factor.
STEPS = ("/sign-in/", "/enroll/")
NEW_PASSWORD = "Kastanjer og paraplyer 17"
every_method = pytest.mark.parametrize("method", ["get", "post"])


def path_of(response: Any) -> str:
    return str(response.request["PATH_INFO"])


def page(response: Any) -> tuple[int, str]:
    """Return the status and the text of the last page."""
    return response.status_code, mask(response, path_of(response))


def assert_opens_no_more(browser: Browser, other: Browser, method: str, urls: dict[str, str]) -> None:
    """Assert that every URL leads to the sign-in or the enrollment, or shows what it shows in the other browser."""
    for name, url in urls.items():
        with undone():
            copy, response = visit(browser, method, url, follow=True)
            assert not session_carries_an_account(copy), name
        if path_of(response).startswith(STEPS):
            continue
        assert not url.startswith("/admin"), name
        with undone():
            assert page(response) == page(visit(other, method, url, follow=True)[1]), name


def renewed(account: Account) -> Browser:
    """Return a browser that has set a new password with the link of a mail."""
    browser = Browser()
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    link = browser.get(f"/password/new/{uid}/{default_token_generator.make_token(account)}/")
    done = browser.post(link["Location"], {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert done["Location"] == "/password/changed/"
    return browser


@every_method
@pytest.mark.parametrize("account", ACCOUNTS)
def test_asvs_6_3_3_a_password_opens_no_more_than_a_name_beside_the_steps_of_the_sign_in(
    scene: Scene, account: str, method: str
) -> None:
    owner = ACCOUNTS[account](scene)
    assert_opens_no_more(scene.password(owner), scene.named(owner), method, scene.urls())


@every_method
def test_asvs_6_3_4_a_new_password_by_mail_opens_no_more_than_a_stranger_has(scene: Scene, method: str) -> None:
    urls = scene.urls()
    del urls["sign_in:password_new"]  # a second press of the button gets the result of the first
    assert_opens_no_more(renewed(scene.phone.user), Browser(), method, urls)
