"""The page behind the link of a mail to an owner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import reports
from accounts.clock import day_and_clock
from accounts.origin import of as origin_of


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether it was somebody else; once that is said, say what was done and what to do."""
    found = reports.find(token)
    if request.method == "POST":
        if not reports.report(found.event, origin_of(request)):
            messages.info(request, _("You have already told us. Nothing more was changed."))
        return redirect("accounts:report", token)
    return render(request, "accounts/report.html", {"report": found, "at": day_and_clock(found.at)})
