"""The external MFA requests of tenants: each is stored once, opened in one browser, and answered once."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account
from common.batches import delete_in_batches
from common.client_info import ClientInfo
from sso import events
from sso.entra import hints, linking, requests
from sso.entra.hints import Hint
from sso.entra.refusals import NotServed, RequestRefused, Unserved, Why
from sso.entra.requests import EntraRequest
from sso.models import EntraAttempt

logger = logging.getLogger(__name__)

ACCESS_DENIED = "access_denied"
UNAVAILABLE = "temporarily_unavailable"


@dataclass(frozen=True)
class Opened:
    """A stored request: its `handle` for the URL where the browser continues, and its `secret` for a cookie."""

    handle: str
    secret: str


def open_attempt(fields: Mapping[str, str], client: ClientInfo) -> Opened:
    """Validate a request and store it. Raises `RequestRefused`, after it is counted."""
    request_id = requests.request_id(fields)
    try:
        # SECURITY: verify the hint first. The rest of the request counts only once its signature is valid.
        hint = hints.read_hint(fields.get("id_token_hint", ""))
        return _keep(hint, requests.judge_request(fields, hint), request_id, client)
    except RequestRefused as refused:
        refuse(refused, request_id, client)
        raise


def refuse(refused: RequestRefused, request_id: str, client: ClientInfo) -> None:
    """Log and count a request that is not trusted."""
    logger.warning("entra: refused (%s) %s, client-request-id %s", refused.why, refused.detail, request_id or "-")
    events.service_refused("entra", refused.why, client)


def find_attempt(handle: str, secret: str) -> EntraAttempt | None:
    """Return the attempt with that handle, in the browser that brought its request; otherwise None."""
    attempts = EntraAttempt.objects.select_related("tenant", "account")
    return attempts.filter(handle=_digest(handle, secret)).first()


def is_waiting(attempt: EntraAttempt) -> bool:
    """Return whether Entra still waits for the response."""
    return attempt.answered_at is None and attempt.expires_at > timezone.now()


def claim_attempt(attempt: EntraAttempt, now: datetime) -> bool:
    """Claim the attempt. Return whether the caller may answer.

    Only one caller may ever answer, and only while Entra waits.
    """
    waiting = EntraAttempt.objects.filter(pk=attempt.pk, answered_at=None, expires_at__gt=now)
    return waiting.update(answered_at=now) == 1


def expire_attempt(attempt_id: int, client: ClientInfo) -> None:
    """Write, once, that the attempt expired without a response."""
    with transaction.atomic():
        late = EntraAttempt.objects.filter(pk=attempt_id, answered_at=None, expires_at__lte=timezone.now())
        if late.filter(error="", reason="").update(reason=Unserved.EXPIRED):
            attempt = EntraAttempt.objects.select_related("tenant", "account").get(pk=attempt_id)
            deny(attempt, Unserved.EXPIRED, client)


def deny(attempt: EntraAttempt, why: str, client: ClientInfo) -> None:
    """Write the event of a person who is not served."""
    logger.info("entra: not served (%s), client-request-id %s", why, attempt.client_request_id or "-")
    service = linking.service_of_tenant(attempt.tenant)
    events.person_refused(service, why, client, attempt.account, attempt.client_request_id)


def purge_entra_attempts() -> int:
    """Delete attempts older than `ENTRA_ATTEMPTS_KEPT`, in batches. Return their number."""
    old = EntraAttempt.objects.filter(created_at__lt=timezone.now() - settings.ENTRA_ATTEMPTS_KEPT)
    return delete_in_batches(old.order_by("created_at"))


def _keep(hint: Hint, asked: EntraRequest, request_id: str, client: ClientInfo) -> Opened:
    opened = Opened(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
    now = timezone.now()
    try:
        with transaction.atomic():
            account, why = _whose(hint, asked, client)
            attempt = EntraAttempt.objects.create(
                handle=_digest(opened.handle, opened.secret),
                tenant=hint.tenant,
                account=account,
                request_digest=asked.digest,
                hint_digest=hint.digest,
                subject=hint.subject,
                redirect_uri=asked.redirect_uri,
                nonce=asked.nonce,
                state=asked.state,
                acr=asked.acr,
                amr_values=list(asked.amr),
                client_request_id=request_id,
                error=ACCESS_DENIED if why else "",
                reason=why,
                created_at=now,
                expires_at=now + settings.ENTRA_ATTEMPT_LIFE,
            )
            if why:
                deny(attempt, why, client)
    except IntegrityError:
        raise RequestRefused(Why.REPLAYED, str(hint.tenant.tenant_id), _earlier(hint, asked)) from None
    logger.info("entra: asked by tenant %s, client-request-id %s", hint.tenant.pk, request_id or "-")
    return opened


def _earlier(hint: Hint, asked: EntraRequest) -> int:
    """Return the id of the attempt that the very same request has opened, or 0."""
    same = EntraAttempt.objects.filter(
        tenant=hint.tenant, request_digest=asked.digest, hint_digest=hint.digest, redirect_uri=asked.redirect_uri
    )
    return same.values_list("pk", flat=True).first() or 0


def _whose(hint: Hint, asked: EntraRequest, client: ClientInfo) -> tuple[Account | None, str]:
    """Return the account, if known, and the reason why it cannot be served; empty if it can."""
    try:
        account = linking.account_of(hint, client)
    except NotServed as refused:
        return refused.account, refused.why
    if not asked.acr:
        return account, Unserved.NO_ACR
    return account, "" if asked.amr else Unserved.NO_AMR


def _digest(handle: str, secret: str) -> str:
    return sha256(f"{handle}.{secret}".encode()).hexdigest()
