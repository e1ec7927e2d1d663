"""Fixtures for the tests of the provider: a service with a signing key, and a signed-in person."""

import pytest

from mfa_sms.models import SmsDevice
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import Service, register
from tests.fixtures import Walk


@pytest.fixture
def service(db: None) -> Service:
    """One of the university's own services, for every affiliation."""
    keys.rotate(SigningKey.Use.OIDC)
    return register()


@pytest.fixture
def person(walk: Walk, phone: SmsDevice) -> Walk:
    """A student who is signed in."""
    return walk.signed_in(phone)
