"""Each module of `oidcc-rp-initiated-logout-certification-test-plan`."""

from typing import Any

import pytest

from sso.tests.oidc.service import back, target
from tests.fixtures import Walk
from tests.helpers import is_signed_in
from tests.oidc.conformance.conftest import OUT, Suite


@pytest.fixture
def hint(person: Walk, suite: Suite) -> str:
    """The ID token of the person who is signed in."""
    return str(suite.tokens(person.browser)["id_token"])


def leave(person: Walk, **asked: str) -> Any:
    """Send the person to the logout endpoint, and confirm if the portal asks."""
    response = person.browser.get("/oidc/logout/", asked)
    return person.browser.post(response.request["PATH_INFO"], {"answer": "yes"}) if _asks(response) else response


def _asks(response: Any) -> bool:
    return response.status_code == 200 and b'name="answer"' in response.content


def is_out(person: Walk, suite: Suite) -> bool:
    return back(person.browser.get(suite.address(prompt="none"))).get("error") == "login_required"


def is_refused(person: Walk, response: Any) -> bool:
    return bool(response.status_code == 400 and "Location" not in response and is_signed_in(person.browser))


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.http.get("/oidc/.well-known/openid-configuration").json()["end_session_endpoint"].endswith("/logout/")


def test_oidcc_rp_initiated_logout(person: Walk, suite: Suite, hint: str) -> None:
    response = leave(person, id_token_hint=hint, post_logout_redirect_uri=OUT, state="s")
    assert target(response) == f"{OUT}?state=s"
    assert is_out(person, suite)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(person: Walk, hint: str) -> None:
    uri = f"{OUT}-bad"
    assert is_refused(person, leave(person, id_token_hint=hint, post_logout_redirect_uri=uri, state="s"))


def test_oidcc_rp_initiated_logout_modified_id_token_hint(person: Walk, hint: str) -> None:
    broken = f"{hint[:-8]}AAAAAAAA"
    assert is_refused(person, leave(person, id_token_hint=broken, post_logout_redirect_uri=OUT, state="s"))


def test_oidcc_rp_initiated_logout_no_id_token_hint(person: Walk, hint: str) -> None:
    assert is_refused(person, leave(person, post_logout_redirect_uri=OUT, state="s"))


def test_oidcc_rp_initiated_logout_no_params(person: Walk, suite: Suite, hint: str) -> None:
    assert leave(person)["Location"] == "/signed-out/"
    assert is_out(person, suite)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(person: Walk, suite: Suite, hint: str) -> None:
    assert leave(person, id_token_hint=hint, state="s")["Location"] == "/signed-out/"
    assert is_out(person, suite)


def test_oidcc_rp_initiated_logout_no_state(person: Walk, suite: Suite, hint: str) -> None:
    assert target(leave(person, id_token_hint=hint, post_logout_redirect_uri=OUT)) == OUT
    assert is_out(person, suite)


def test_oidcc_rp_initiated_logout_only_state(person: Walk, suite: Suite, hint: str) -> None:
    assert leave(person, state="s")["Location"] == "/signed-out/"
    assert is_out(person, suite)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(person: Walk, hint: str) -> None:
    uri = f"{OUT}?foo=bar"
    assert is_refused(person, leave(person, id_token_hint=hint, post_logout_redirect_uri=uri, state="s"))


def test_oidcc_rp_initiated_logout_bad_id_token_hint(person: Walk, hint: str) -> None:
    assert is_refused(person, leave(person, id_token_hint="nonsense", post_logout_redirect_uri=OUT, state="s"))
