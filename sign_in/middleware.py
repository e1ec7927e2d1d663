"""Middleware that serves the pages of a journey, and leads out of one that has ended."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix

from accounts.account_names import NotAnAccountName, parse_account_name
from accounts.models import Account
from common.middleware import GetResponse
from common.problem_pages import problem_page
from sign_in import flow, journeys, services
from sign_in.guards import is_verified
from sign_in.pending import FlowPurpose
from sign_in.problems import already_signed_in

# Pages beside the journey, which are the same for everyone.
_BESIDE = {f"sign_in:{name}" for name in ("help", "accessibility", "was", "privacy", "sign_out", "signed_out")}


class JourneyMiddleware:
    """Serves `/j/HANDLE/PATH` as PATH, in the journey of that handle.

    Must be outside of every middleware that reads the path or makes a URL.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        handle, path = journeys.split(request.path_info)
        outer = get_script_prefix()
        try:
            if handle:
                request.path_info = path
                journeys.enter(request, handle)
            return self.get_response(request)
        finally:
            set_script_prefix(outer)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Continue for a user who has signed in in another tab, and leave a journey that this browser does not know.

        Comes before the check for CSRF: the sign-in in the other tab has made the token of this page invalid. It only
        redirects.
        """
        view_name = request.resolver_match.view_name if request.resolver_match else ""
        named = view_name == "sign_in:account_name" and request.method == "POST"
        if not named and not journeys.current(request):
            return None
        destination = services.asked_destination(request) or journeys.destination_of(request)
        if named:
            response = _continue(request, services.posted(request, "account_name"), destination)
            if response is not None:
                return response
        if not journeys.current(request) or view_name in _BESIDE:
            return None
        pending = flow.stored_flow(request)
        if pending is not None and pending.purpose == FlowPurpose.SIGN_IN:
            return _continue(request, pending.account_name, destination)
        if pending is not None or (destination and not is_verified(request.user)):
            return None
        if destination and (view_name == "sign_in:home" or request.method == "POST"):
            return HttpResponseRedirect(destination)
        return _leave(request)


def _continue(request: HttpRequest, name: str, destination: str) -> HttpResponse | None:
    """Lead a signed-in user to the destination of this tab. Return None for other users, and without a destination.

    A user who has begun to sign in with another account name is asked first.
    """
    account = request.user
    if not destination or not isinstance(account, Account) or not is_verified(account):
        return None
    if _is_another(name, account):
        return problem_page(request, already_signed_in(str(account.account_name), destination))
    return HttpResponseRedirect(destination)


def _is_another(name: str, account: Account) -> bool:
    try:
        return parse_account_name(name) != account.account_name
    except NotAnAccountName:
        return False


def _leave(request: HttpRequest) -> HttpResponse | None:
    """Serve the page outside the journey."""
    journeys.enter(request, "")
    if request.method in ("GET", "HEAD"):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(request.path_info + (f"?{query}" if query else ""))
    return None
