"""The responses to Entra."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from sign_in import methods
from sso import events, keys
from sso.entra import attempts, linking
from sso.entra.refusals import NotServed, Unserved
from sso.models import EntraAttempt, SigningKey


@dataclass(frozen=True)
class EntraResponse:
    """The form that the browser posts to Entra."""

    url: str
    fields: dict[str, str]


class TooLate(Exception):
    """The attempt cannot be answered: it is answered already, or Entra no longer waits."""


def takes(attempt: EntraAttempt, device: Device) -> bool:
    """Return whether the tenant accepts a proof of this device. It never accepts a backup method."""
    method = methods.of_device(device)
    return method is not None and not method.backup and method.amr in attempt.amr_values


def token_response(attempt: EntraAttempt, account: Account, device: Device, client: ClientInfo) -> EntraResponse:
    """Answer that the account's owner has verified the device. Raises `TooLate`.

    The caller must check `takes` first. If the account is no longer served, or no key signs, the response is an error.
    """
    method = methods.of_device(device)
    # SECURITY: a factor of one account never gives a token for another account, or for a refused attempt.
    if account.pk != attempt.account_id or attempt.error or method is None:
        raise TooLate
    now = timezone.now()
    try:
        # SECURITY: check again that the account is served, which may have changed since the request.
        linking.admit(attempt.tenant, account)
        with transaction.atomic():
            if not attempts.claim_attempt(attempt, now):
                raise TooLate
            token = keys.sign(SigningKey.Use.ENTRA, _claims(attempt, method.amr, now))
            events.service_signed_in(account, linking.service_of_tenant(attempt.tenant), client)
    except NotServed as refused:
        return error_response(attempt, refused.why, attempts.ACCESS_DENIED, client)
    except keys.NoSigningKey:
        return error_response(attempt, Unserved.NO_KEY, attempts.UNAVAILABLE, client)
    return EntraResponse(attempt.redirect_uri, {"id_token": token, **_state(attempt)})


def error_response(attempt: EntraAttempt, why: str, error: str, client: ClientInfo) -> EntraResponse:
    """Answer with an error and without a proof. Raises `TooLate`.

    Writes the event, unless it was written when the request came.
    """
    with transaction.atomic():
        if not attempts.claim_attempt(attempt, timezone.now()):
            raise TooLate
        if not attempt.error:
            EntraAttempt.objects.filter(pk=attempt.pk).update(error=error, reason=why)
            attempts.deny(attempt, why, client)
    return EntraResponse(attempt.redirect_uri, {"error": error, **_state(attempt)})


def _state(attempt: EntraAttempt) -> dict[str, str]:
    """Return the state as a field. Without a state in the request, the response must have none."""
    return {"state": attempt.state} if attempt.state else {}


def _claims(attempt: EntraAttempt, amr: str, now: datetime) -> dict[str, object]:
    issued = int(now.timestamp())
    return {
        "iss": settings.ENTRA_ISSUER,
        "aud": attempt.tenant.client_id,
        "iat": issued,
        "exp": issued + int(settings.ENTRA_TOKEN_LIFE.total_seconds()),
        "sub": attempt.subject,
        **({"nonce": attempt.nonce} if attempt.nonce else {}),
        "acr": attempt.acr,
        "amr": [amr],
    }
