"""Middleware that ends expired sessions before a view runs (ASVS 7.3.1, 7.3.2)."""

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
    """Mark a view that pages call automatically. Its requests do not count as use of the session."""
    view.in_background = True  # type: ignore[attr-defined]
    return view


def ended_account(request: HttpRequest) -> int | None:
    """Return the id of the account whose session a limit has ended in this request, or None."""
    return getattr(request, "ended_account", None)


class SessionLimitsMiddleware:
    """Ends a session that is past a limit, and shows the user one message. Records the use of every other session.

    The request then continues anonymously. This middleware must follow the middleware that messages need. No earlier
    middleware may evaluate `request.user`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        why = registry.over(request.session)
        if why is not None:
            request.ended_account = int(request.session[SESSION_KEY])  # type: ignore[attr-defined]
            request.session.flush()
            messages.info(request, _text(why))
        log_account(request.session.get(SESSION_KEY))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Record the use, unless the view is marked with `in_background`.

        Redirect if the session has ended or moved.
        """
        if getattr(view, "in_background", False) or registry.note_use(request.session):
            return None
        return redirect("sign_in:home")


def _text(why: Over) -> str:
    if why is Over.IDLE:
        return _("You have been logged out because you were away for a while.")
    if why is Over.LENT:
        return _("You have been logged out because you were given access for a limited time only.")
    return _("You have been logged out because it is a long time since you logged in.")
