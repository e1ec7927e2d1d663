"""Entra as a relying party for external MFA: which flow belongs to which attempt, and what follows a proof."""

from django.http import HttpRequest, HttpResponse
from django_otp.models import Device

from accounts.models import Account
from common import languages
from common.client_info import ClientInfo, client_info_of
from common.problems import Problem
from sign_in import flow
from sign_in.external_mfa import RelyingParty
from sign_in.pending import PendingSignIn
from sso.entra import attempts, refusals, response
from sso.entra.response_page import answer_page
from sso.models import EntraAttempt

SLUG = "entra"


def begin(request: HttpRequest, attempt: EntraAttempt, account: Account, handle: str) -> None:
    """Begin the flow of an attempt in this browser, or continue it if it is pending."""
    name = f"{attempt.pk}.{handle}"
    pending = flow.peek_flow(request)
    if pending is not None and (pending.relying_party, pending.attempt) == (SLUG, name):
        return
    # SECURITY: an attacker may know or have planted the session key, so it is replaced (ASVS 7.2.4).
    request.session.cycle_key()
    flow.begin_external_mfa(request, account, SLUG, name, attempt.expires_at.timestamp())
    # Microsoft's page was in the language of the browser.
    languages.prefer_browser(request)


def _finish(request: HttpRequest, pending: PendingSignIn, account: Account, device: Device) -> HttpResponse:
    attempt = _attempt(pending)
    if attempt is None:
        raise refusals.start_again()
    if not response.takes(attempt, device):
        raise refusals.not_this_method(_handle(pending))
    try:
        answer = response.token_response(attempt, account, device, client_info_of(request))
    except response.TooLate:
        raise refusals.start_again() from None
    return answer_page(request, answer)


def _expired(pending: PendingSignIn) -> Problem:
    attempts.expire_attempt(int(pending.attempt.partition(".")[0]), ClientInfo())
    return refusals.start_again()


def _accepts(pending: PendingSignIn, device: Device) -> bool:
    attempt = _attempt(pending)
    return attempt is not None and response.takes(attempt, device)


def _attempt(pending: PendingSignIn) -> EntraAttempt | None:
    attempt_id = pending.attempt.partition(".")[0]
    return EntraAttempt.objects.select_related("tenant", "account").filter(pk=attempt_id).first()


def _handle(pending: PendingSignIn) -> str:
    return pending.attempt.partition(".")[2]


RELYING_PARTY = RelyingParty(
    slug=SLUG,
    name="Microsoft 365",
    finish=_finish,
    expired=_expired,
    stuck=lambda pending: refusals.stuck(_handle(pending)),
    accepts=_accepts,
)
