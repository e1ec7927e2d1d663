"""The view of "Not now": postpones enrollment without signing the user in."""

from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from campaigns import postponements
from campaigns.postponements import Allowance
from common.client_info import client_info_of
from sign_in import flow
from sign_in.pending import PendingSignIn
from sign_in.problems import already_signed_in

_PUT_OFF = "put_off"


@dataclass(frozen=True)
class _PutOff:
    """The content of the page, stored in the session.

    `until` is the last moment for another postponement, in ISO 8601, or empty if this was the last one. `by_deadline`
    is True if that moment is the campaign's deadline. `service` is the URL on another host that started the sign-in, or
    empty.
    """

    until: str
    by_deadline: bool
    service: str


@require_http_methods(["GET", "HEAD", "POST"])
def not_now(request: HttpRequest) -> HttpResponse:
    """Count the postponement, end the sign-in, and show until when another one is possible."""
    if flow.is_signed_in(request) and flow.current_flow(request) is None:
        raise already_signed_in()
    if request.method != "POST":
        return _page(request)
    if _PUT_OFF in request.session and flow.current_flow(request) is None:
        return redirect("campaigns:not_now")  # a double click
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    allowance = postponements.postpone(pending, client_info_of(request))
    # SECURITY: a password alone must not lead to a service. The next sign-in starts with the password again.
    flow.leave_flow(request)
    request.session[_PUT_OFF] = asdict(_put_off(request, pending, allowance))
    return redirect("campaigns:not_now")


def _put_off(request: HttpRequest, pending: PendingSignIn, allowance: Allowance) -> _PutOff:
    host = urlsplit(pending.next).netloc
    campaign = allowance.campaign
    by_deadline = allowance.until >= campaign.deadline
    until = campaign.last_moment if by_deadline else allowance.until
    return _PutOff(
        until.isoformat() if allowance.lasts(timezone.now()) else "",
        by_deadline,
        pending.next if host and host != request.get_host() else "",
    )


def _page(request: HttpRequest) -> HttpResponse:
    state = request.session.get(_PUT_OFF)
    if state is None:
        return redirect("sign_in:account_name")
    known = _PutOff(**state)
    context = {
        "until": parse_datetime(known.until) if known.until else None,
        "by_deadline": known.by_deadline,
        "service": known.service,
        "service_host": urlsplit(known.service).hostname,
    }
    return render(request, "campaigns/not_now.html", context)
