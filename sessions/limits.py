"""Ends the sessions that are over, before any page is made for them (ASVS 7.3.1, 7.3.2)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.references import log_account
from sessions import registry
from sessions.signed_in import Over

View = TypeVar("View", bound=Callable[..., Any])


def in_background(view: View) -> View:
    """Mark a view that pages ask by themselves: it keeps nobody signed in."""
    view.in_background = True  # type: ignore[attr-defined]
    return view


class SessionLimitsMiddleware:
    """Goes on anonymously where the session is past a limit, and says so once; notes the use of every other.

    Stands after everything that a message needs. Who is signed in is not asked before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session if it is over."""
        why = registry.over(request.session)
        if why is not None:
            request.session.flush()
            messages.info(request, _text(why))
        log_account(request.session.get(SESSION_KEY))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Note the use, unless the page asks by itself."""
        if getattr(view, "in_background", False) or registry.note_use(request.session):
            return None
        return redirect("sign_in:home")


def _text(why: Over) -> str:
    if why is Over.IDLE:
        return _("You have been logged out because you were away for a while.")
    if why is Over.LENT:
        return _("You have been logged out because you were given access for a limited time only.")
    return _("You have been logged out because it is a long time since you logged in.")
