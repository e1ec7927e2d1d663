"""From Entra to the portal, and back after a code by SMS."""

from typing import Any

import jwt
from django.conf import settings

from accounts.models import Account
from audit.models import SecurityEvent
from common.metrics import render_metrics
from mfa_sms.models import SmsDevice
from mfa_totp.tests.helpers import app_of, code_of
from sso.models import TenantLink
from tests.entra.conftest import Carrier, answer_of, the_attempt
from tests.entra.standin import Entra, User
from tests.helpers import is_signed_in, kinds


def test_an_enrolled_student_proves_the_phone_and_is_signed_in_there(
    carrier: Carrier, user: User, phone: SmsDevice
) -> None:
    page = carrier.arrive(carrier.entra.ask(user))
    assert "Send sms til" in page.content.decode()
    assert carrier.back(carrier.by_sms(phone)) == user
    assert not is_signed_in(carrier.browser)
    assert kinds()[-2:] == ["external_mfa_completed", "service_signed_in"]


def test_a_student_without_a_method_enrolls_and_goes_back(carrier: Carrier, user: User, student: Account) -> None:
    page = carrier.arrive(carrier.entra.ask(user))
    assert "Beskyt dit KU-login" in page.content.decode()
    carrier.walk.number()
    carrier.walk.enroll_code()
    carrier.walk.done()
    assert carrier.back(carrier.by_sms(SmsDevice.objects.get())) == user


def test_the_answer_says_what_was_asked_and_no_more(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    fields = carrier.entra.ask(user)
    carrier.arrive(fields)
    token = answer_of(carrier.by_sms(phone))["id_token"]
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    assert claims.pop("exp") - claims.pop("iat") == 300
    assert claims == {
        "iss": settings.ENTRA_ISSUER,
        "aud": carrier.entra.client_id,
        "sub": user.sub,
        "nonce": fields["nonce"],
        "acr": "possessionorinherence",
        "amr": ["sms"],
    }


def test_the_page_says_microsoft_and_until_when(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    text = carrier.arrive(carrier.entra.ask(user)).content.decode()
    assert "Microsoft 365" in text
    assert 'class="hint"' in text.partition('class="service"')[2].partition('class="who"')[0]
    code = carrier.walk.send(phone).content.decode()
    assert 'class="hint"' in code.partition('class="service"')[2].partition('id="code-sent"')[0]


def test_the_answer_leaves_for_the_tenant_alone(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user))
    page = carrier.by_sms(phone)
    policy = dict(part.strip().partition(" ")[::2] for part in page["Content-Security-Policy"].split(";"))
    assert "form-action" not in policy  # Microsoft's page may redirect to any host of Microsoft's
    assert policy["script-src"] == "'self'"
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "strict-origin"
    assert "<button" in page.content.decode().partition('id="answer"')[2]


def test_the_address_holds_a_handle_and_its_digest_alone_is_kept(carrier: Carrier, user: User) -> None:
    fields = carrier.entra.ask(user)
    response = carrier.post(fields)
    assert response.status_code == 303
    handle = response["Location"].removeprefix("/entra/").removesuffix("/")
    kept = [str(value) for value in vars(the_attempt()).values()]
    assert len(handle) == 32
    assert handle not in kept
    assert fields["id_token_hint"] not in kept


def test_a_link_is_kept_whatever_the_user_is_called_later(
    carrier: Carrier, entra: Entra, user: User, phone: SmsDevice
) -> None:
    carrier.arrive(entra.ask(user))
    assert TenantLink.objects.get().account == phone.user
    renamed = User("nytnavn@alumni.ku.dk", user.oid, user.sub)
    carrier.arrive(entra.ask(renamed))
    carrier.by_sms(phone)
    assert kinds().count("service_linked") == 1
    assert SecurityEvent.objects.get(kind="service_signed_in").detail == f"entra {entra.tenant_id}"


def test_an_app_is_another_amr(carrier: Carrier, user: User, student: Account) -> None:
    app = app_of(student)
    carrier.arrive(carrier.entra.ask(user))
    page = carrier.browser.post("/sign-in/verify/app/", {"device": app.persistent_id}, follow=True)
    page = carrier.browser.post("/sign-in/verify/app/code/", {"device": app.persistent_id, "code": code_of(app)})
    claims = jwt.decode(answer_of(page)["id_token"], options={"verify_signature": False})
    assert claims["amr"] == ["otp"]


def test_the_pages_are_in_the_language_of_the_browser(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    Account.objects.update(language="da", language_known=True)
    carrier.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.9"
    assert carrier.arrive(carrier.entra.ask(user))["Content-Language"] == "en"
    assert carrier.walk.send(phone)["Content-Language"] == "en"


def test_the_metrics_count_the_requests_of_each_tenant(carrier: Carrier, user: User, phone: SmsDevice) -> None:
    carrier.arrive(carrier.entra.ask(user))
    carrier.by_sms(phone)
    carrier.arrive(carrier.entra.ask(User("nobody@ku.dk")))
    text = render_metrics().decode()
    for result in ("proven", "refused"):
        assert f'kumfa_entra_requests{{result="{result}",tenant="{carrier.entra.tenant_id}"}} 1.0' in text
