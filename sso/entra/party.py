"""Entra as a party outside: which flow belongs to which attempt, and what follows a proof."""

from django.http import HttpRequest, HttpResponse
from django_otp.models import Device

from accounts import sign_in
from accounts.models import Account
from accounts.origin import Origin
from accounts.origin import of as origin_of
from accounts.outside import Party
from accounts.problems import Problem
from accounts.sign_in import PendingSignIn
from sso.entra import answering, attempts, refusals
from sso.models import EntraAttempt

SLUG = "entra"


def begin(request: HttpRequest, attempt: EntraAttempt, account: Account, handle: str) -> None:
    """Begin the flow of an attempt in this browser; one that is under way goes on."""
    name = f"{attempt.pk}.{handle}"
    pending = sign_in.peek(request)
    if pending is not None and (pending.party, pending.attempt) == (SLUG, name):
        return
    # SECURITY: a key that somebody else knows, or has planted, is dead from now on (ASVS 7.2.4).
    request.session.cycle_key()
    sign_in.begin_outside(request, account, SLUG, name, attempt.expires_at.timestamp())


def _finish(request: HttpRequest, pending: PendingSignIn, account: Account, device: Device) -> HttpResponse:
    from sso.entra.views import answer_page

    attempt = _attempt(pending)
    if attempt is None:
        raise refusals.start_again()
    if not answering.takes(attempt, device):
        raise refusals.not_this_method(_handle(pending))
    try:
        answer = answering.with_token(attempt, account, device, origin_of(request))
    except answering.TooLate:
        raise refusals.start_again() from None
    return answer_page(request, answer)


def _expired(pending: PendingSignIn) -> Problem:
    attempts.expire(int(pending.attempt.partition(".")[0]), Origin())
    return refusals.start_again()


def _accepts(pending: PendingSignIn, device: Device) -> bool:
    attempt = _attempt(pending)
    return attempt is not None and answering.takes(attempt, device)


def _attempt(pending: PendingSignIn) -> EntraAttempt | None:
    attempt_id = pending.attempt.partition(".")[0]
    return EntraAttempt.objects.select_related("tenant", "account").filter(pk=attempt_id).first()


def _handle(pending: PendingSignIn) -> str:
    return pending.attempt.partition(".")[2]


PARTY = Party(
    slug=SLUG,
    name="Microsoft 365",
    finish=_finish,
    expired=_expired,
    stuck=lambda pending: refusals.stuck(_handle(pending)),
    accepts=_accepts,
)
