"""After a restore, sessions, tokens, passes, codes and links that ended after the dump do not work again."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from audit.models import SecurityEvent
from kumfa import restore
from mfa_pass.models import AccessPass
from mfa_sms.models import Challenge, SmsDevice, TextMessage
from mfa_sms.tests.helpers import queued
from sessions.models import Session
from tests.fixtures import Walk
from tests.helpers import is_signed_in


def test_a_session_that_a_dump_brings_back_is_dead(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    rows = list(Session.objects.all())
    assert restore.end_everything().sessions == len(rows) > 0
    assert not is_signed_in(walk.browser)
    Session.objects.bulk_create(rows)  # as if a process had written it again
    assert not is_signed_in(walk.browser)


def test_codes_messages_and_passes_are_dead(phone: SmsDevice) -> None:
    message = queued(phone)
    AccessPass.objects.create(
        user=phone.user, digest="x", expires_at=timezone.now() + timedelta(hours=1), created_by=phone.user
    )
    restore.end_everything()
    message.refresh_from_db()
    assert message.status == TextMessage.Status.CANCELLED
    assert not Challenge.objects.filter(ended_at=None).exists()
    assert not AccessPass.objects.exists()


def test_the_command_writes_an_event_and_names_the_next_steps(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("after_restore", yes=True)
    assert SecurityEvent.objects.get().kind == "database_restored"
    assert "verify_events --accept" in capsys.readouterr().out


def test_the_command_asks_first(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "")
    call_command("after_restore")
    assert not SecurityEvent.objects.exists()
