"""The error pages of the portal. Each shows a reference, and listeners record it."""

import base64
import hashlib
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from common import languages
from common.problems import Problem

FORBIDDEN = "forbidden"

logger = logging.getLogger(__name__)

# Takes the request and the reason, one of a fixed set: a reason must not come from the request.
Listener = Callable[[HttpRequest, str], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call `listener` with each error page that shows a reference."""
    _listeners.append(listener)


def problem_page(request: HttpRequest, problem: Problem, reason: str = "") -> HttpResponse:
    """Return the page of a problem, and tell the listeners. Without a reason it is the status, "status_409".

    A request with `is_sample` only shows the page to translators, so nothing has failed.
    """
    if not problem.quiet and not getattr(request, "is_sample", False):
        _tell(request, reason or f"status_{problem.status}")
    return render(request, "problem.html", {"problem": problem}, status=problem.status)


def _tell(request: HttpRequest, reason: str) -> None:
    for listener in _listeners:
        try:
            listener(request, reason)
        except DatabaseError as error:
            logger.warning("an error page was not recorded (%s)", type(error).__name__)


def _start_again(title: str, text: str, status: int) -> Problem:
    return Problem(title, (text,), status, _("Start again"), reverse("sign_in:home"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for status 404. It shows no part of the address."""
    return problem_page(
        request, _start_again(_("Page not found"), _("Check the address, or start again."), 404), "not_found"
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for status 400: a request that is too large, is malformed, or uses a session that just ended."""
    text = _("We could not read what your browser sent. Start again.")
    return problem_page(request, _start_again(_("That did not work"), text, 400), "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for status 403 in the admin: the user is signed in but lacks the permission.

    Staff read whom to ask, and get a way back. The page names neither the permission nor who has it.
    """
    if not getattr(getattr(request, "user", None), "is_staff", False):
        text = _("Your account does not give access to this page.")
        return problem_page(request, _start_again(_("No access"), text, 403), FORBIDDEN)
    paragraphs = (
        _("Your role in the admin does not give access to this."),
        _("Ask a lead of IT Support to do it, or an administrator of the login service to change your role."),
        _("We have recorded that you tried."),
    )
    problem = Problem(_("No access"), paragraphs, 403, _("Back to the overview"), reverse("admin:index"))
    account_id = request.resolver_match.kwargs.get("account_id") if request.resolver_match else None
    if account_id is not None:
        problem.second_action = _("Back to the account")
        problem.second_url = reverse("admin:accounts_account_change", args=[account_id])
    return problem_page(request, problem, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a CSRF failure: the form is older than the last sign-in, or cookies are disabled."""
    why = _("The page was open too long, or cookies are off. Start again.")
    what = _("If you come back to this page, allow cookies for this website in the settings of your browser.")
    problem = Problem(_("Start again"), (why, what), 403, _("Start again"), reverse("sign_in:home"))
    return problem_page(request, problem, "csrf")


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for status 500: a static page in both languages.

    It is rendered without context processors, and has no stylesheet, because any of them may be the cause. The policy
    allows its inline style by hash.
    """
    page = get_template("500.html").render(
        {
            "phone": settings.SUPPORT_PHONE.replace(" ", "\N{NO-BREAK SPACE}"),
            "phone_link": languages.support_phone_link(),
            "hours_url": settings.SUPPORT_HOURS_URL,
            "reference": getattr(request, "reference", ""),
        }
    )
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response = HttpResponse(page, status=500)
    response._csp_update = {"style-src": [f"'sha256-{digest}'"]}  # type: ignore[attr-defined]
    return response
