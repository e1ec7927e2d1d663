"""Old attempts are deleted, and in production responses go only to Microsoft."""

from datetime import timedelta

from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from common import retention
from sso import checks
from sso.models import EntraAttempt
from tests.entra.conftest import Carrier
from tests.entra.standin import User


def test_old_attempts_are_deleted_and_young_ones_stay(carrier: Carrier, user: User) -> None:
    for _each in range(2):
        carrier.arrive(carrier.entra.ask(user))
    first, second = EntraAttempt.objects.order_by("pk")
    kept = django_settings.ENTRA_ATTEMPTS_KEPT
    EntraAttempt.objects.filter(pk=first.pk).update(created_at=timezone.now() - kept - timedelta(minutes=1))
    retention.run_retention_step("entra_attempts")
    assert EntraAttempt.objects.get() == second


def test_in_production_answers_go_to_microsoft_alone(settings: Settings) -> None:
    settings.DEBUG = False
    assert checks.answers_go_to_microsoft_alone() == []
    settings.ENTRA_REDIRECT_URIS = [*settings.ENTRA_REDIRECT_URIS, "https://login.example/"]
    assert [error.id for error in checks.answers_go_to_microsoft_alone()] == ["sso.E001"]


def test_who_was_too_late_finds_the_portal_open(carrier: Carrier, user: User) -> None:
    carrier.arrive(carrier.entra.ask(user))
    session = carrier.browser.session
    session["pending_sign_in"] = {**session["pending_sign_in"], "ends_at": 1.0}
    session.save()
    assert carrier.browser.get("/sign-in/verify/").status_code == 409
    assert carrier.browser.get("/").headers["Location"] == "/sign-in/"
