"""The page behind the report link in an email to an owner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.client_info import client_info_of
from common.clock import day_and_clock
from notices import compromise_reports


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the owner to confirm the report. After the report, show what was done and what to do next."""
    found = compromise_reports.find_report(token)
    if request.method == "POST":
        if not compromise_reports.report_compromise(found.event, client_info_of(request)):
            messages.info(request, _("You have already told us. Nothing more was changed."))
        return redirect("notices:report", token)
    return render(request, "notices/report.html", {"report": found, "at": day_and_clock(found.at)})
