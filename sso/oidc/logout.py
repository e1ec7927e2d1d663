"""Logout that a service requests (OpenID Connect RP-Initiated Logout 1.0), and notices to the other services."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from oauth2_provider.models import RefreshToken

from accounts.models import Account
from common.client_info import client_info_of
from sessions import registry
from sign_in import events as sign_in_events
from sso import events
from sso.models import Client, Grant, LogoutNotice, Subject
from sso.oidc import backchannel_logout, diagnosis, pages
from sso.oidc.authorization_request import client_of
from sso.oidc.languages import speak
from sso.oidc.logout_hints import claims_of_hint
from sso.oidc.onward import onward_page, with_parameters


@require_http_methods(["GET", "HEAD", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out and return to the service. Ask first, unless the ID token is about the signed-in person.

    A request that a service posts comes as a GET. SECURITY: leads only to registered addresses of the service.
    """
    speak(request)
    account = request.user if isinstance(request.user, Account) else None
    said = claims_of_hint(request.GET.get("id_token_hint", ""))
    client = _client(request, said)
    target = request.GET.get("post_logout_redirect_uri", "")
    if target and (client is None or not client.post_logout_redirect_uri_allowed(target)):
        _note_wrong_way_out(request, client, target)
        raise pages.wrong_way_out(is_signed_in=account is not None)
    sure = account is None or request.method == "POST" or (said is not None and Subject.is_of(account, said["sub"]))
    if not sure:
        return render(request, "sso/logout.html", {"client": client})
    # If no user is signed in, a pending sign-in continues: any site could send a browser here.
    if account is not None:
        with transaction.atomic():
            sign_in_events.signed_out(account, client_info_of(request))
            registry.sign_out(request)
    if not target:
        return redirect("sign_in:signed_out")
    state = request.GET.get("state", "")
    url = with_parameters(target, {"state": state} if state else {})
    if request.method == "POST":
        return onward_page(request, url, str(client))
    return HttpResponse(status=302, headers={"Location": url})


def _note_wrong_way_out(request: HttpRequest, client: Client | None, target: str) -> None:
    value = diagnosis.arrived("post_logout_redirect_uri", target)
    account = request.user if isinstance(request.user, Account) else None
    service = client.client_id if client else "-"
    events.service_refused(service, "post_logout_redirect_uri", client_info_of(request), account, value)
    if client is not None:
        diagnosis.note_refusal(client, "post_logout_redirect_uri", value)


def _client(request: HttpRequest, said: dict[str, Any] | None) -> Client | None:
    """Return the service of the ID token, or else of the client id; None if the two differ."""
    asked = request.GET.get("client_id", "")
    audience = str(said["aud"]) if said else ""
    if asked and audience and asked != audience:
        return None
    return client_of(audience or asked) if audience or asked else None


def sessions_ended(session_ids: Collection[str]) -> None:
    """End the grants of these sessions, and notify each service that has a back-channel logout URI."""
    _end(Grant.objects.filter(session_id__in=session_ids))


def all_sessions_ended(account: Account) -> None:
    """End every grant of the account that is not over, including those of sessions of which no row is left."""
    _end(Grant.objects.filter(account=account, ends_at__gt=timezone.now()))


def device_removed(account_id: int, persistent_id: str) -> None:
    """End the grants that depend on a deleted device and are not over, even if their session continues."""
    _end(Grant.objects.filter(account_id=account_id, device=persistent_id, ends_at__gt=timezone.now()))


def _end(chosen: QuerySet[Grant]) -> None:
    now = timezone.now()
    grants = list(chosen.filter(ended_at=None).select_related("client", "account"))
    if not grants:
        return
    Grant.objects.filter(pk__in=[grant.pk for grant in grants]).update(ended_at=now)
    for grant in grants:
        RefreshToken.revoke_family(grant.family)  # does nothing for a grant whose code was never used
    told = {
        (grant.client_id, grant.session_id): grant for grant in grants if grant.client.backchannel_logout_uri
    }.values()
    notices = [
        LogoutNotice(client=grant.client, subject=Subject.of(grant.account, grant.client), session_id=grant.session_id)
        for grant in told
    ]
    backchannel_logout.publish_logouts(LogoutNotice.objects.bulk_create(notices))
