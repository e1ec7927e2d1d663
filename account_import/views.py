"""Admin pages that upload, apply and drop an import. The admin's own change page shows the preview."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from account_import import uploads
from account_import.models import AccountImport
from account_import.permissions import IMPORT_ACCOUNTS
from account_import.upload_form import UploadForm
from accounts.models import Account
from common.upload_handler import was_too_large
from sign_in.guards import step_up_for

State = AccountImport.State


def may_import(request: HttpRequest) -> bool:
    return request.user.has_perm(IMPORT_ACCOUNTS)


@step_up_for(may_import)
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file and redirect to the page of its import."""
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, too_large=was_too_large(request))
        if form.is_valid():
            said = form.cleaned_data
            actor = cast(Account, request.user)
            row = uploads.receive_file(
                actor, said["file"].name, said["content"], deactivate_missing=said["deactivate_missing"]
            )
            return _to(row.pk)
    else:
        form = UploadForm()
    context = {**site.each_context(request), "title": _("Import accounts"), "form": form}
    return render(request, "account_import/upload.html", context)


@step_up_for(may_import)
def apply(request: HttpRequest, import_id: int) -> HttpResponse:
    """Apply the plan that the preview showed."""
    row = get_object_or_404(AccountImport.objects.defer("content"), pk=import_id)
    if request.method == "POST":
        form = apply_form(row, request.POST)
        if not form.is_valid():
            messages.error(
                request, _("Nothing was applied. First confirm that you know how many accounts will be deactivated.")
            )
        elif uploads.start_import(
            row.pk, form.cleaned_data["shown"], cast(Account, request.user), force=form.cleaned_data["force"]
        ):
            _show_result(request, row)
        else:
            messages.error(
                request, _("The import has since been applied, discarded or checked again. Look at it again.")
            )
    return _to(import_id)


def _show_result(request: HttpRequest, row: AccountImport) -> None:
    """Show a success message if the import was applied at once. Otherwise the import's page shows its status."""
    row.refresh_from_db(fields=["state"])
    if row.state == State.APPLIED:
        messages.success(request, _("The file has been applied."))


@step_up_for(may_import)
def drop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Discard the file."""
    row = get_object_or_404(AccountImport.objects.defer("content"), pk=import_id)
    if request.method == "POST":
        if uploads.drop_import(row.pk):
            messages.success(request, _("The file has been discarded. Nothing was applied."))
        else:
            messages.error(
                request, _("The import has since been applied, discarded or checked again. Look at it again.")
            )
    return _to(import_id)


def apply_form(row: AccountImport, data: Any = None) -> "ApplyForm":
    """Return the form that applies the plan on the import's page."""
    counts = row.summary.get("counts", {})
    form = ApplyForm(data, initial={"shown": row.fingerprint}, auto_id="apply_%s", label_suffix="")
    if row.summary.get("too_many"):
        gone, active = counts["deactivated"], counts["active"]
        form.fields["force"].required = True
        form.fields["force"].label = ngettext(
            "I know that %(gone)s of %(active)s active accounts will be deactivated",
            "I know that %(gone)s of %(active)s active accounts will be deactivated",
            gone,
        ) % {"gone": gone, "active": active}
    else:
        form.fields["force"].widget = forms.HiddenInput()
    return form


class ApplyForm(forms.Form):
    """The fingerprint of the plan that was shown, and the confirmation of a mass deactivation."""

    use_required_attribute = False

    shown = forms.CharField(widget=forms.HiddenInput)
    force = forms.BooleanField(required=False)


def _to(import_id: int) -> HttpResponse:
    return redirect("admin:account_import_accountimport_change", import_id)
