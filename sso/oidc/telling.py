"""Telling services that a session is over (OpenID Connect Back-Channel Logout 1.0).

A row of `LogoutNotice` is the outbox. Whoever tells claims it first, by one conditional UPDATE; told twice is harmless.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import httpx
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import publishing
from sso import keys, tasks
from sso.models import Entry, LogoutNotice, SigningKey
from sso.oidc.validator import ISSUER

logger = logging.getLogger(__name__)

EVENT = "http://schemas.openid.net/event/backchannel-logout"
_BATCH = 500  # rows that one sweep publishes


def publish(notices: Sequence[LogoutNotice]) -> None:
    """Have them told once the transaction is through."""
    for notice in notices:
        transaction.on_commit(partial(publishing.publish_soon, tasks.tell_of_logout, notice.pk))


def tell(notice_id: int) -> None:
    """Tell one service, if it is due and no other worker has it. A service that does not listen raises nothing."""
    now = timezone.now()
    due = LogoutNotice.objects.filter(pk=notice_id, sent_at=None, due_at__lte=now, tries__lt=settings.SSO_LOGOUT_TRIES)
    if not due.update(tries=F("tries") + 1, due_at=now + settings.SSO_LOGOUT_PAUSE):
        return
    notice = LogoutNotice.objects.select_related("client").get(pk=notice_id)
    try:
        # SECURITY: no redirect is followed: only what an administrator has entered is asked.
        # Nor is the answer read: it may have no end.
        with httpx.stream(
            "POST",
            notice.client.backchannel_logout_uri,
            data={"logout_token": token(notice)},
            timeout=settings.SSO_LOGOUT_TIMEOUT.total_seconds(),
            follow_redirects=False,
        ) as answer:
            answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL, keys.NoSigningKey) as error:
        logger.warning("service %s was not told of a logout (%s)", notice.client.client_id, type(error).__name__)
        return
    LogoutNotice.objects.filter(pk=notice_id).update(sent_at=timezone.now())


def token(notice: LogoutNotice) -> str:
    """Return the signed logout token."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": notice.client.client_id,
        "iat": now,
        "exp": now + int(settings.SSO_LOGOUT_TOKEN_LIFE.total_seconds()),
        "jti": str(uuid.uuid4()),
        "sub": str(notice.subject),
        "sid": notice.session_id,
        "events": {EVENT: {}},
    }
    return keys.sign(SigningKey.Use.OIDC, claims)


def sweep() -> int:
    """Publish what is due and was not told at once, oldest first; return how many that were."""
    waiting = LogoutNotice.objects.filter(
        sent_at=None, due_at__lte=timezone.now() - timedelta(seconds=5), tries__lt=settings.SSO_LOGOUT_TRIES
    ).order_by("due_at")
    ids = list(waiting.values_list("pk", flat=True)[:_BATCH])
    for notice_id in ids:
        tasks.tell_of_logout.delay(notice_id)
    return len(ids)


def forget_old() -> None:
    """Delete what is older than any token or session that it could speak of, and the library's dead tokens."""
    from oauth2_provider.models import clear_expired

    clear_expired()
    before = timezone.now() - settings.SSO_ENTRIES_KEPT
    Entry.objects.filter(created_at__lt=before).delete()
    LogoutNotice.objects.filter(created_at__lt=before).delete()
