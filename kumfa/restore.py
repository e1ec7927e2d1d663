"""Ends sessions and tokens after a restore of the database, because a dump brings back those that have ended since."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_grant_model, get_id_token_model, get_refresh_token_model

from accounts.models import Account
from audit.log import write_event
from common.client_info import ClientInfo
from mfa_pass.models import AccessPass
from mfa_sms.models import Challenge, TextMessage
from sessions.events import RESTORED
from sessions.models import Session
from sign_in.models import PasswordResetRequest
from sso.models import EntraAttempt, Grant


@dataclass(frozen=True)
class Ended:
    """The number of ended objects of each kind."""

    sessions: int
    tokens: int
    flows: int


def end_everything() -> Ended:
    """End all sessions, tokens and pending flows, forget known browsers, and empty the cache.

    SECURITY: a session, a token or an access pass that ended after the dump would otherwise work again. Calling this
    twice does no harm.
    """
    now = timezone.now()
    with transaction.atomic():
        Account.objects.update(session_epoch=F("session_epoch") + 1)
        sessions = Session.objects.all().delete()[0]
        tokens = Grant.objects.filter(ended_at=None).update(ended_at=now)
        for model in (get_refresh_token_model(), get_access_token_model(), get_id_token_model(), get_grant_model()):
            tokens += model.objects.all().delete()[0]
        waiting = TextMessage.objects.filter(status__in=[TextMessage.Status.QUEUED, TextMessage.Status.SENDING])
        flows = Challenge.objects.filter(ended_at=None).update(ended_at=now, outcome=Challenge.Outcome.REPLACED)
        flows += waiting.update(status=TextMessage.Status.CANCELLED, status_at=now)
        flows += PasswordResetRequest.objects.all().delete()[0]
        flows += EntraAttempt.objects.filter(expires_at__gt=now).update(expires_at=now)
        flows += AccessPass.objects.all().delete()[0]
        write_event(RESTORED, ClientInfo())
    cache.clear()
    return Ended(sessions, tokens, flows)
