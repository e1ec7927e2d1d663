"""Notify services that a session is over (OpenID Connect Back-Channel Logout 1.0).

A row of `LogoutNotice` is the outbox. A worker claims it before sending; a duplicate is harmless.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import httpx
from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from oauth2_provider.models import clear_expired

from common import outbox
from common.batches import delete_in_batches
from common.publishing import publish_soon
from sso import keys
from sso.models import Grant, LogoutNotice, SigningKey
from sso.oidc.responses import ISSUER

logger = logging.getLogger(__name__)

EVENT = "http://schemas.openid.net/event/backchannel-logout"
_BATCH = 500  # rows that one sweep publishes
_UNTIL_NEXT_SWEEP = 60.0  # seconds; the sweep publishes an unsent row again, so no copies pile up in the queue


def publish_logouts(notices: Sequence[LogoutNotice]) -> None:
    """Publish the tasks of these notices once the open transaction has committed."""
    for notice in notices:
        transaction.on_commit(partial(publish_soon, send_backchannel_logout, notice.pk))


@shared_task(name="sso.send_backchannel_logout", expires=_UNTIL_NEXT_SWEEP)
def send_backchannel_logout(notice_id: int) -> None:
    """Notify one service if the row is due and unclaimed. An error of the service is logged and not raised."""
    now = timezone.now()
    due = LogoutNotice.objects.filter(pk=notice_id, sent_at=None, due_at__lte=now, tries__lt=settings.SSO_LOGOUT_TRIES)
    if not outbox.claim(due, tries=F("tries") + 1, due_at=now + settings.SSO_LOGOUT_PAUSE):
        return
    notice = LogoutNotice.objects.select_related("client").get(pk=notice_id)
    try:
        # SECURITY: do not follow redirects, so that only the address that an administrator entered is contacted. Do not
        # read the response, which may be endless.
        with httpx.stream(
            "POST",
            notice.client.backchannel_logout_uri,
            data={"logout_token": logout_token(notice)},
            timeout=settings.SSO_LOGOUT_TIMEOUT.total_seconds(),
            follow_redirects=False,
        ) as answer:
            answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL, keys.NoSigningKey) as error:
        logger.warning("service %s was not told of a logout (%s)", notice.client.client_id, type(error).__name__)
        return
    LogoutNotice.objects.filter(pk=notice_id).update(sent_at=timezone.now())


def logout_token(notice: LogoutNotice) -> str:
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


@shared_task(name="sso.sweep_backchannel_logouts")
def sweep_backchannel_logouts() -> int:
    """Publish due rows that were not sent at once, oldest first. Return their number."""
    waiting = LogoutNotice.objects.filter(
        sent_at=None, due_at__lte=timezone.now() - timedelta(seconds=5), tries__lt=settings.SSO_LOGOUT_TRIES
    ).order_by("due_at")
    return outbox.publish_again(waiting, send_backchannel_logout, _BATCH)


def purge_grants() -> None:
    """Delete grants and logout notices that are older than any token or session they refer to, and expired tokens."""
    clear_expired()
    before = timezone.now() - settings.SSO_GRANTS_KEPT
    delete_in_batches(Grant.objects.filter(created_at__lt=before).order_by("created_at"))
    delete_in_batches(LogoutNotice.objects.filter(created_at__lt=before).order_by("created_at"))
