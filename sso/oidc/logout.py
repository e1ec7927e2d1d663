"""Logout that a service requests (OpenID Connect RP-Initiated Logout 1.0), and notices to the other services."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from oauth2_provider.models import RefreshToken
from oauthlib.common import add_params_to_uri

from accounts.models import Account
from common.client_info import client_info_of
from sessions import registry
from sign_in import events as sign_in_events
from sso import events
from sso.models import Client, Grant, LogoutNotice, Subject
from sso.oidc import backchannel_logout, pages, service_names
from sso.oidc.authorization_request import client_of
from sso.oidc.validator import is_about, subject_of


@require_http_methods(["GET", "HEAD", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out and redirect to the service. Ask first, unless the ID token is about the signed-in person.

    SECURITY: redirects only to addresses that are registered for the service, compared exactly.
    """
    said = subject_of(request.GET.get("id_token_hint", ""))
    client = _client(request, said)
    target = request.GET.get("post_logout_redirect_uri", "")
    if target and (client is None or not client.post_logout_redirect_uri_allowed(target)):
        service = client.client_id if client else "-"
        events.service_refused(service, "post_logout_redirect_uri", client_info_of(request))
        raise pages.wrong_way_out(client)
    account = request.user if isinstance(request.user, Account) else None
    sure = account is None or request.method == "POST" or (said is not None and is_about(said, account))
    if not sure:
        response = render(request, "sso/logout.html", {"client": client})
        if target:
            response._csp_update = {"form-action": [service_names.client_info_of(target)]}  # type: ignore[attr-defined]
        return response
    # If no user is signed in, a pending sign-in continues: any site could send a browser here.
    if account is not None:
        with transaction.atomic():
            sign_in_events.signed_out(account, client_info_of(request))
            registry.sign_out(request)
    if not target:
        return redirect("sign_in:signed_out")
    state = request.GET.get("state", "")
    return HttpResponseRedirect(add_params_to_uri(target, [("state", state)]) if state else target)


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
    """End the grants that depend on a deleted device and are not over, also in a session that goes on without it."""
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
        LogoutNotice(client=grant.client, subject=Subject.of(grant.account), session_id=grant.session_id)
        for grant in told
    ]
    backchannel_logout.publish_logouts(LogoutNotice.objects.bulk_create(notices))
