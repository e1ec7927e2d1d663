"""The overview of login methods, sessions and recent activity."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from common.client_info import client_info_of
from sessions import other_sessions
from sign_in import activity, known_browsers, methods
from sign_in.guards import verified_required
from sign_in.methods import device_management

_SHOWN = 5
_ON_A_PAGE = 25


@require_safe
@verified_required
def security_info(request: HttpRequest) -> HttpResponse:
    """Show the account's methods, its sessions and its latest activity."""
    account = cast(Account, request.user)
    registered = methods.devices(account.pk)
    unused = methods.unused(registered)
    context = {
        "account": account,
        "rows": [
            {
                "option": option,
                "removable": device_management.may_remove(registered, option),
                "unused": option in unused,
            }
            for option in registered
            if not option.method.backup
        ],
        "has_choice": len(registered) > 1,
        "backups": [_backup(method, registered) for method in methods.backups(account)],
        "sessions": other_sessions.other_sessions(request, account),
        "activity": [activity.activity_entry(event) for event in activity.recent_activity(account)[:_SHOWN]],
    }
    return render(request, "sign_in/security_info.html", context)


def _backup(method: methods.Method, registered: list[methods.Option]) -> dict[str, object]:
    made = next((option for option in registered if option.method is method), None)
    return {"method": method, "option": made}


@require_safe
@verified_required
def recent_activity(request: HttpRequest) -> HttpResponse:
    """Show the account's recent activity, one page at a time."""
    account = cast(Account, request.user)
    page = Paginator(activity.recent_activity(account), _ON_A_PAGE).get_page(request.GET.get("page"))
    entries = [activity.activity_entry(event) for event in page]
    return render(request, "sign_in/activity.html", {"page": page, "entries": entries})


@require_http_methods(["GET", "HEAD", "POST"])
@verified_required
def end_session(request: HttpRequest) -> HttpResponse:
    """End one other session. Only a POST does so."""
    if request.method == "POST":
        ended = other_sessions.end_one(
            cast(Account, request.user), request.POST.get("session", ""), client_info_of(request)
        )
        messages.success(request, _("The device has been logged out.") if ended else _("It was logged out already."))
    return redirect("sign_in:security_info")


@require_http_methods(["GET", "HEAD", "POST"])
@verified_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions except this one. A GET asks for confirmation."""
    if request.method != "POST":
        return render(request, "sign_in/end_other_sessions.html")
    account = cast(Account, request.user)
    other_sessions.end_others(request, account, client_info_of(request))
    messages.success(request, _("You are logged out everywhere else."))
    response = redirect("sign_in:security_info")
    known_browsers.remember(request, response, account)  # no other browser is known any more
    return response
