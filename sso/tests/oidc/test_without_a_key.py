"""Without a signing key, services and people are asked to try later. The checks name the command to run."""

from django.core.checks import Tags, run_checks

from mfa_sms.models import SmsDevice
from sso import keys
from sso.models import Client, LogoutNotice, SigningKey, Subject, Tenant
from sso.oidc import backchannel_logout
from sso.tests.oidc.service import Service, back, reasons
from tests.fixtures import Browser, Walk


def warnings() -> list[str]:
    return [found.msg for found in run_checks(tags=[Tags.database], databases=["default"]) if found.id == "sso.W001"]


def test_a_person_reads_that_it_does_not_work_now(person: Walk, service: Service) -> None:
    SigningKey.objects.all().delete()
    response = person.browser.get(service.address())
    assert response.status_code == 503
    assert "Du kan ikke logge ind på KUmail lige nu." in response.content.decode()
    assert reasons() == ["no_key"]


def test_nobody_is_asked_to_sign_in_for_nothing(service: Service) -> None:
    SigningKey.objects.all().delete()
    assert Browser().get(service.address()).status_code == 503


def test_a_service_that_wants_no_page_is_told_to_try_later(person: Walk, service: Service) -> None:
    SigningKey.objects.all().delete()
    assert back(person.browser.get(service.address(prompt="none")))["error"] == "temporarily_unavailable"


def test_a_code_is_good_again_once_a_key_signs(person: Walk, service: Service) -> None:
    code = service.code(person.browser)
    SigningKey.objects.all().delete()
    response = service.change(code)
    assert (response.status_code, response.json()) == (503, {"error": "temporarily_unavailable"})
    assert reasons() == ["no_key"]
    keys.ensure(SigningKey.Use.OIDC)
    assert service.change(code).status_code == 200


def test_a_logout_that_cannot_be_signed_is_told_later(person: Walk, service: Service, phone: SmsDevice) -> None:
    client = service.client
    client.backchannel_logout_uri = "https://mail.example.dk/back"
    client.save()
    SigningKey.objects.all().delete()
    notice = LogoutNotice.objects.create(client=client, subject=Subject.of(phone.user, client), session_id="s")
    backchannel_logout.send_backchannel_logout(notice.pk)
    notice.refresh_from_db()
    assert (notice.sent_at, notice.tries) == (None, 1)


def test_no_key_is_published_and_that_is_no_error(db: None) -> None:
    for address in ("/oidc/jwks/", "/entra/jwks/"):
        response = Browser().get(address)
        assert (response.status_code, response.json()) == (200, {"keys": []})


def test_the_checks_name_the_command_for_what_is_in_use(service: Service) -> None:
    assert warnings() == []
    SigningKey.objects.all().delete()
    assert warnings() == ["No key signs for oidc: run `manage.py rotate_signing_key oidc`."]
    Tenant.objects.create(name="KU", tenant_id="7d1ce0c9-63b7-4a0d-8b39-0b3a0d4d5a10", is_enabled=True)
    Client.objects.update(is_enabled=False)
    assert warnings() == ["No key signs for entra: run `manage.py rotate_signing_key entra`."]
    keys.ensure(SigningKey.Use.ENTRA)
    assert warnings() == []


def test_a_key_that_is_there_is_kept(db: None) -> None:
    keys.ensure(SigningKey.Use.OIDC)
    keys.ensure(SigningKey.Use.OIDC)
    assert SigningKey.objects.count() == 1
