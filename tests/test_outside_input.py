"""Generated input for every parser of what comes from outside: an answer or a refusal, never an exception or a 500."""

import io
from contextlib import suppress
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from account_import import rows
from account_import.records import BadFile
from accounts import common_passwords
from accounts.account_names import AccountName, NotAnAccountName, contains_cpr, parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import account_search
from common.client_info import client_info_of
from common.safe_redirect import safe_redirect_url
from common.secret_codes import parse_secret_code
from common.typed_codes import parse_code
from mfa_sms import gateways, numbers
from mfa_sms.gateways import ReceiptRefused, ReceiptUnreadable
from mfa_sms.numbers import NotANumber
from sign_in import events
from sso import keys
from sso.entra import hints, requests
from sso.entra.refusals import RequestRefused
from sso.models import SigningKey
from sso.oidc import logout_hints
from sso.tests.oidc.service import Service, register

GATEWAYS = (
    "gatewayapi://t0ken@messaging.gatewayapi.eu?secret=s3cret",
    "kannel://user:password@127.0.0.1:13013",
    "twilio://SID:t0ken@api.twilio.com?from=+4526000000",
)

# Any code points, and lines that look like what the parsers expect.
ANY = st.text(max_size=200)
DIGITS = st.text(alphabet="0123456789+-() .٣３Ⅷ²\u200b\u00a0\x00", max_size=60)
NEARLY_NAMES = st.text(alphabet="abc123@.ku-_\u200b\ufb01İß æøå\x00", max_size=40)
ADDRESSES = st.text(alphabet="0123456789abcdef:.%[], /\u0661\x00eE", max_size=120)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=200)
SEGMENT = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=", max_size=80)
TOKENS = st.one_of(
    ANY,
    st.tuples(SEGMENT, SEGMENT, SEGMENT).map(".".join),
    st.tuples(st.just("eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ"), SEGMENT, SEGMENT).map(".".join),
)
URLS = st.one_of(
    ANY, st.tuples(st.sampled_from(["/", "//", "https://", "http://", "/\\", "javascript:"]), ANY).map("".join)
)

quick = hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quick
@given(typed=st.one_of(ANY, DIGITS), region=st.sampled_from(["DK", "SE", "GB", "DE", "US", "", "XX"]))
def test_a_number_is_parsed_or_refused(typed: str, region: str) -> None:
    with suppress(NotANumber):
        assert str(numbers.parse_number(typed, region)).startswith("+")


@quick
@given(typed=st.one_of(ANY, NEARLY_NAMES))
def test_an_account_name_is_parsed_or_refused(typed: str) -> None:
    contains_cpr(typed)
    with suppress(NotAnAccountName):
        assert isinstance(parse_account_name(typed), AccountName)


@quick
@given(typed=st.one_of(ANY, DIGITS))
def test_a_typed_code_is_six_digits_or_nothing(typed: str) -> None:
    code = parse_code(typed)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdecimal())
    assert isinstance(parse_secret_code(typed, 8), str | None)


@quick
@given(password=ANY)
def test_a_password_is_compared_with_the_lists(password: str) -> None:
    assert isinstance(common_passwords.is_common(password), bool)
    assert isinstance(common_passwords.common_word_in(password), str)


@pytest.mark.django_db
@quick
@example(forwarded="fe80::1%" + "e" * 100)
@example(forwarded="::ffff:1.2.3.4%eth0")
@given(forwarded=st.one_of(ADDRESSES, HEADER))
def test_an_address_behind_a_proxy_can_be_stored_or_is_none(
    settings: Settings, student: Account, forwarded: str
) -> None:
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.9", headers={"x-forwarded-for": forwarded})
    client = client_info_of(request)
    assert client.address is not None
    assert len(client.address) <= 39
    events.password_refused(student, "stu123", "wrong", client)
    assert SecurityEvent.objects.latest("pk").address == client.address


@pytest.mark.parametrize("url", GATEWAYS)
@quick
@given(query=ANY, body=st.binary(max_size=300), signature=HEADER)
def test_a_receipt_is_parsed_or_refused(url: str, query: str, body: bytes, signature: str) -> None:
    headers = {"x-twilio-signature": signature, "x-gwapi-signature": signature, "authorization": f"Bearer {signature}"}
    for request in (
        RequestFactory().get("/sms/receipts/x/", {"reference": query, "mac": signature, "state": query, "id": query}),
        RequestFactory().post("/sms/receipts/x/", body, content_type="application/json", headers=headers),
        RequestFactory().post("/sms/receipts/x/", body, content_type="application/x-www-form-urlencoded"),
    ):
        with suppress(ReceiptRefused, ReceiptUnreadable):
            gateways.from_url(url).parse_receipt(request)


@quick
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(alphabet='ab1;,"\n\r\x00\ufeff æ@.', max_size=200).map(
            lambda text: f"username,first_name,last_name,email,student,employee,language\n{text}".encode()
        ),
    )
)
def test_an_import_is_read_or_refused_by_line(content: bytes) -> None:
    problems = []
    try:
        rows.read_from(io.BytesIO(content), len(content), lambda *_progress: None)
    except BadFile as refused:
        problems = refused.problems
    assert all(problem.line > 0 and str(problem) for problem in problems)


@pytest.mark.django_db
@quick
@given(token=TOKENS, fields=st.dictionaries(st.sampled_from(["claims", "acr", "nonce", "state", "scope"]), ANY))
def test_a_hint_and_its_request_are_refused(token: str, fields: dict[str, str]) -> None:
    with pytest.raises(RequestRefused):
        hints.read_hint(token)
    assert isinstance(requests.request_id({**fields, "client-request-id": token}), str)
    assert logout_hints.claims_of_hint(token) is None


@pytest.fixture
def service(db: None) -> Service:
    keys.ensure(SigningKey.Use.OIDC)
    return register()


NAMES = (
    "response_type scope state nonce code_challenge code_challenge_method prompt max_age claims ui_locales login_hint "
    "id_token_hint acr_values request response_mode display"
)
USUAL = st.sampled_from(["openid", "none", "login", "S256", "code", "0", "-1", "query", "{}"])
PARAMETERS = st.dictionaries(st.sampled_from(NAMES.split()), st.one_of(ANY, USUAL))


@quick
@given(parameters=PARAMETERS, redirect=st.one_of(st.none(), URLS), known=st.booleans())
def test_an_authorization_request_is_answered(
    service: Service, parameters: dict[str, str], redirect: str | None, known: bool
) -> None:
    changed: dict[str, Any] = {**parameters, **({} if redirect is None else {"redirect_uri": redirect})}
    if not known:
        changed["client_id"] = redirect
    assert _status(Client(), service.address(**_sendable(changed))) < 500


@quick
@given(
    fields=st.dictionaries(st.sampled_from(["grant_type", "code", "refresh_token", "code_verifier"]), ANY), basic=ANY
)
def test_a_token_request_is_answered(service: Service, fields: dict[str, str], basic: str) -> None:
    said = {"client_id": service.client.client_id, "grant_type": "authorization_code", **_sendable(fields)}
    assert Client(raise_request_exception=False).post("/oidc/token/", said).status_code < 500
    header = {"authorization": f"Basic {basic.encode('ascii', 'replace').decode()}".replace("\n", "").replace("\r", "")}
    assert Client(raise_request_exception=False).post("/oidc/token/", said, headers=header).status_code < 500


@quick
@given(hint=TOKENS, target=URLS, state=ANY)
def test_a_logout_request_is_answered(db: None, hint: str, target: str, state: str) -> None:
    asked = _sendable({"id_token_hint": hint, "post_logout_redirect_uri": target, "state": state})
    assert _status(Client(), "/oidc/logout/", asked) < 500


@quick
@given(accepted=HEADER, cookie=SEGMENT, posted=ANY, browser=HEADER)
def test_a_page_is_served_in_some_language(db: None, accepted: str, cookie: str, posted: str, browser: str) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": accepted, "user-agent": browser})
    client.cookies["language"] = cookie
    response = client.get("/sign-in/")
    assert (response.status_code, response["Content-Language"] in ("da", "en")) == (200, True)
    assert client.post("/sign-in/", {"language": posted.encode("utf-8", "replace")}).status_code < 500


@quick
@example(url="//evil.example")
@example(url="/\\evil.example")
@example(url="http:///evil.example")
@given(url=URLS)
def test_the_next_page_is_ours(db: None, url: str) -> None:
    request: HttpRequest = RequestFactory().get("/")
    safe = safe_redirect_url(request, url)
    assert safe in ("", url)
    assert not safe or safe.startswith(("/", "http://testserver"))
    assert not safe.startswith(("//", "/\\"))
    assert _status(Client(), "/sign-in/", _sendable({"next": url})) < 500


@pytest.mark.django_db
@quick
@given(typed=st.one_of(ANY.filter(lambda text: "\x00" not in text), DIGITS.filter(lambda text: "\x00" not in text)))
def test_a_search_of_agents_finds_or_not(typed: str) -> None:
    assert account_search.only_one(_sendable({"q": typed})["q"]) is None


def _sendable(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields without lone surrogates, which no browser can send."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _status(client: Client, path: str, data: dict[str, Any] | None = None) -> int:
    client.raise_request_exception = False
    return client.get(path, data or {}).status_code
