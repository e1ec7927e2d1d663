"""Signing keys are published before they sign, and until the tokens that they signed have expired."""

import base64
from datetime import timedelta
from io import StringIO

import jwt
import pytest
from cryptography import x509
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from audit.models import SecurityEvent
from sso import events as sso_events
from sso import keys
from sso.models import SigningKey

pytestmark = pytest.mark.django_db

USE = SigningKey.Use.ENTRA


def ids() -> list[str]:
    return [key["kid"] for key in keys.jwks(USE)["keys"]]


def test_the_first_key_signs_at_once_and_its_certificate_holds_it() -> None:
    made = keys.rotate(USE)
    token = keys.sign(USE, {"iss": "us"})
    certificate = x509.load_der_x509_certificate(base64.b64decode(keys.jwks(USE)["keys"][0]["x5c"][0]))
    public = certificate.public_key()
    assert jwt.decode(token, public, algorithms=["RS256"]) == {"iss": "us"}  # type: ignore[arg-type]
    assert jwt.get_unverified_header(token)["kid"] == made.key_id
    assert jwt.PyJWK(made.public).key.public_numbers() == public.public_numbers()  # type: ignore[union-attr]


def test_the_next_key_is_published_at_once_and_signs_two_days_later(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    first = keys.rotate(USE)
    time_machine.shift(timedelta(days=90))
    second = keys.rotate(USE)
    assert ids() == [second.key_id, first.key_id]
    time_machine.shift(settings.SSO_KEY_PUBLISHED_BEFORE - timedelta(seconds=1))
    assert keys.signing_key(USE) == first
    time_machine.shift(timedelta(seconds=1))
    assert keys.signing_key(USE) == second


def test_a_key_is_published_until_what_it_signed_has_expired(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    first = keys.rotate(USE)
    second = keys.rotate(USE)
    time_machine.shift(settings.SSO_KEY_PUBLISHED_BEFORE + settings.SSO_TOKEN_LIFE - timedelta(seconds=1))
    assert ids() == [second.key_id, first.key_id]
    time_machine.shift(timedelta(seconds=1))
    assert ids() == [second.key_id]


def test_no_third_key_is_made_while_the_second_does_not_sign() -> None:
    keys.rotate(USE)
    keys.rotate(USE)
    with pytest.raises(CommandError, match="does not sign yet"):
        call_command("rotate_signing_key", "entra", stdout=StringIO())
    assert SigningKey.objects.count() == 2


def test_a_key_that_others_may_have_is_withdrawn_at_once() -> None:
    keys.rotate(USE)
    keys.rotate(USE)
    call_command("rotate_signing_key", "entra", "--at-once", stdout=StringIO())
    assert ids() == [keys.signing_key(USE).key_id]


def test_keys_for_one_sign_nothing_for_the_other() -> None:
    keys.rotate(USE)
    with pytest.raises(keys.NoSigningKey):
        keys.sign(SigningKey.Use.OIDC, {})
    assert keys.jwks(SigningKey.Use.OIDC) == {"keys": []}


def test_private_parts_lie_encrypted_and_read_under_an_older_secret_too(settings: Settings) -> None:
    made = keys.rotate(USE)
    assert b"PRIVATE" not in bytes(made.private)
    assert b"PRIVATE" in keys.private_pem(made)
    settings.SSO_KEY_SECRETS = ["another secret, of thirty-two characters", *settings.SSO_KEY_SECRETS]
    assert b"PRIVATE" in keys.private_pem(made)
    assert "PRIVATE" not in str(made.public)


def test_each_key_is_an_event() -> None:
    call_command("rotate_signing_key", "entra", stdout=StringIO())
    event = SecurityEvent.objects.get(kind=sso_events.SIGNING_KEY_CREATED)
    assert event.reason == SigningKey.objects.get().key_id
