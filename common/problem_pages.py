"""The error pages of the portal."""

import base64
import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from common import languages
from common.problems import Problem


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the page of a problem that no view has raised."""
    return render(request, "problem.html", {"problem": problem}, status=problem.status)


def _start_again(title: str, text: str, status: int) -> Problem:
    return Problem(title, (text,), status, _("Start again"), reverse("sign_in:home"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for status 404. It shows no part of the address."""
    return problem_page(request, _start_again(_("Page not found"), _("Check the address, or start again."), 404))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for status 400: a request that is too large, is malformed, or uses a session that just ended."""
    text = _("We could not read what your browser sent. Start again.")
    return problem_page(request, _start_again(_("That did not work"), text, 400))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for status 403 in the admin: the user is signed in but lacks the permission."""
    text = _("Your account does not give access to this page.")
    return problem_page(request, _start_again(_("No access"), text, 403))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a CSRF failure: the form is older than the last sign-in, or cookies are disabled."""
    why = _("The page was open too long, or cookies are off. Start again.")
    what = _("If you come back to this page, allow cookies for this website in the settings of your browser.")
    return problem_page(request, Problem(_("Start again"), (why, what), 403, _("Start again"), reverse("sign_in:home")))


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
