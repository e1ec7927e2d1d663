"""The two pages of the pigeon."""

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from common.client_info import client_info_of
from sign_in import enrollment, flow
from sign_in.views.codes import CodeView
from tests.pigeon.models import Pigeon
from tests.pigeon.verification import PigeonVerification


class WordForm(forms.Form):
    """Asks for the word."""

    code = forms.CharField()


def enroll(request: HttpRequest) -> HttpResponse:
    """Ask for the word of a new pigeon."""
    pending = flow.after_password(request)
    if pending is None:
        return redirect("sign_in:account_name")
    account = enrollment.may_enroll(pending, "pigeon").account
    if request.method != "POST":
        return HttpResponse("Hvad siger duen?")
    with transaction.atomic():
        device = Pigeon.objects.create(user=account, name="Karl", word=request.POST["word"])
        enrollment.confirmed(pending, device, client_info_of(request))
    flow.device_enrolled(request, pending, device)
    return redirect("sign_in:enrolled")


class VerifyView(CodeView[Pigeon]):
    """Sign in or step up with the word."""

    form_class = WordForm
    wrong = "Det sagde duen ikke"
    wrong_until = "Det sagde duen ikke. Vent til %(time)s."

    def verification(self) -> PigeonVerification:
        """Return the verification for the account's pigeon."""
        return PigeonVerification(self.pending, client_info_of(self.request))

    def show(self, form: forms.Form) -> HttpResponse:
        """Show the form without a template."""
        return HttpResponse(f"Hvad siger duen? {form.errors.as_text()}")


app_name = "pigeon"
urlpatterns = [
    path("enroll/pigeon/", enroll, name="enroll"),
    path("sign-in/verify/pigeon/", VerifyView.as_view(), name="verify"),
]
