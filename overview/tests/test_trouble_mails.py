"""Operators get a mail about each trouble, at most once an hour."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from notices import own_notices
from notices.models import Notice
from overview import registry
from overview.mail_troubles import waiting_mails
from overview.registry import Trouble
from overview.trouble_mails import mail_troubles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _operators(settings: Settings) -> Iterator[None]:
    settings.OPERATOR_EMAILS = ["operators@example.org"]
    cache.clear()
    yield
    cache.clear()


def failing(*names: str) -> list[Trouble]:
    return [Trouble(f"{name} fails.", since=timezone.now(), name=name) for name in names]


def test_each_trouble_is_mailed_once_within_an_hour() -> None:
    with patch.object(registry, "troubles", lambda: failing("gateway a")):
        assert (mail_troubles(), mail_troubles()) == (1, 0)
    with patch.object(registry, "troubles", lambda: failing("gateway a", "mails")):
        assert mail_troubles() == 1
    assert [message.subject for message in mail.outbox] == ["KU login: gateway a", "KU login: mails"]
    assert mail.outbox[0].to == ["operators@example.org"]
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_that_fails_is_tried_again() -> None:
    with patch.object(registry, "troubles", lambda: failing("mails")):
        with patch("overview.trouble_mails.EmailMessage.send", side_effect=OSError):
            assert mail_troubles() == 0
        assert mail_troubles() == 1


def test_what_is_told_in_another_way_is_not_mailed(settings: Settings) -> None:
    with patch.object(registry, "troubles", lambda: [Trouble("Used up.")]):
        assert mail_troubles() == 0
    settings.OPERATOR_EMAILS = []
    with patch.object(registry, "troubles", lambda: failing("mails")):
        assert mail_troubles() == 0
    assert mail.outbox == []


def test_mails_to_users_that_wait_for_ten_minutes_are_a_trouble(student: Account) -> None:
    event = SecurityEvent.objects.create(kind="signed_in", account=student)
    now = timezone.now()
    Notice.objects.create(account=student, event=event, kind=own_notices.PASSWORD_CHANGED, created_at=now)
    assert not list(waiting_mails())
    Notice.objects.update(created_at=now - timedelta(minutes=11))
    (trouble,) = waiting_mails()
    assert "1" in trouble.said
    assert trouble.since == now - timedelta(minutes=11)
